//! Replaces parts of a text.

use super::{Function, Mistake, check_literal, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Interrupt, Outcome},
    pattern::{Group, Match, Pattern, Replacement},
    syntax::Node,
    value::{Value, quoted},
};

pub(super) static FUNCTION: Function = Function::new(
    "Replace",
    "Replaces a text or the matches of a pattern. Which arguments are given decides how: an old \
     value with its replacement; an old value in a template that the source takes the place of; a \
     pattern with its replacement, perhaps of one named group only; a pattern and a group to take \
     out of another attribute when the source has no value.",
    evaluate,
)
.parameters(&[
    required("source", "The text; of several values each."),
    optional("oldValue", "The text to be replaced, letter by letter."),
    optional("regexPattern", "A regular expression of .NET."),
    optional(
        "regexGroupName",
        "The named group that alone is replaced or taken.",
    ),
    optional(
        "replacementValue",
        "What comes instead; with a pattern, $1 and ${name} are groups.",
    ),
    optional(
        "replacementAttributeName",
        "The attribute that stands in for an absent source.",
    ),
    optional(
        "template",
        "A text in which the old value is replaced by the source.",
    ),
])
.slot_rule(check)
.literal_rule(check_pattern)
.examples(&[
    example(
        r#"Replace([mail], "@contoso.test", , , "@fabrikam.test", , )"#,
        "zoe.bergmann@fabrikam.test",
    ),
    example(
        r#"Replace([sn], "<name>", , , , , "<name>@contoso.test")"#,
        "Bergmann@contoso.test",
    ),
    example(r#"Replace([telephoneNumber], , "[^\d+]", , "", , )"#, "+4930901820"),
    example(
        r#"Replace([mail], , "(?<suffix>@.*)", "suffix", "", , )"#,
        "zoe.bergmann",
    ),
    example(
        r#"Replace([mobile], , "\+(?<country>\d+) (?<number>.+)", "number", , [telephoneNumber], )"#,
        "30 901820",
    ),
]);

/// Which of the documented ways is meant. An argument counts as given when its slot is not empty,
/// whatever it comes to.
#[derive(Clone, Copy)]
enum Mode {
    Text,
    Template,
    Pattern,
    Group,
    Elsewhere,
}

const SOURCE: usize = 0;
const OLD: usize = 1;
const PATTERN: usize = 2;
const GROUP: usize = 3;
const REPLACEMENT: usize = 4;
const OTHER_ATTRIBUTE: usize = 5;
const TEMPLATE: usize = 6;

fn mode(is_supplied: impl Fn(usize) -> bool) -> Option<Mode> {
    let supplied: Vec<usize> = (OLD..=TEMPLATE).filter(|slot| is_supplied(*slot)).collect();
    match supplied.as_slice() {
        [OLD, REPLACEMENT] => Some(Mode::Text),
        [OLD, TEMPLATE] => Some(Mode::Template),
        [PATTERN, REPLACEMENT] => Some(Mode::Pattern),
        [PATTERN, GROUP, REPLACEMENT] => Some(Mode::Group),
        [PATTERN, GROUP, OTHER_ATTRIBUTE] => Some(Mode::Elsewhere),
        _ => None,
    }
}

fn check(slots: &[Option<Node>]) -> Result<(), String> {
    let is_supplied = |slot: usize| slots.get(slot).is_some_and(Option::is_some);
    if !is_supplied(SOURCE) {
        return Err("Replace needs a source:".to_owned());
    }
    match mode(is_supplied) {
        Some(_) => Ok(()),
        None => Err(
            "Replace needs an oldValue with a replacementValue or a template, or a \
             regexPattern with a replacementValue, or a regexPattern and a regexGroupName with a \
             replacementValue or a replacementAttributeName:"
                .to_owned(),
        ),
    }
}

fn check_pattern(slots: &[Option<Node>]) -> Result<(), Mistake> {
    let mut written = None;
    check_literal(slots, OLD, |old| non_empty(old.to_owned()).map(|_| ()))?;
    check_literal(slots, PATTERN, |text| {
        written = Some(pattern_of(text)?);
        Ok(())
    })?;
    let Some(pattern) = written else {
        return Ok(());
    };
    check_literal(slots, GROUP, |name| group_named(name, &pattern).map(|_| ()))
}

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let source = arguments.value(SOURCE)?;
    match mode(|slot| arguments.is_supplied(slot)) {
        Some(Mode::Elsewhere) => elsewhere(arguments, source),
        _ if source == Value::Null => Ok(source),
        Some(Mode::Text) => in_source(arguments, source),
        Some(Mode::Template) => in_template(arguments, source),
        Some(Mode::Pattern) => matches(arguments, source),
        Some(Mode::Group) => group_of_matches(arguments, source),
        None => arguments.fail("These arguments do not go together."),
    }
}

fn in_source(arguments: &mut Arguments<'_, '_, '_>, source: Value) -> Outcome {
    let old = old_value(arguments)?;
    let replacement = arguments.text_or_empty(REPLACEMENT)?;
    arguments.each_text_of(SOURCE, source, |arguments, source| {
        replace_text(arguments, &source, &old, &replacement).map(Some)
    })
}

fn in_template(arguments: &mut Arguments<'_, '_, '_>, source: Value) -> Outcome {
    let old = old_value(arguments)?;
    let template = arguments.text_or_empty(TEMPLATE)?;
    arguments.each_text_of(SOURCE, source, |arguments, source| {
        replace_text(arguments, &template, &old, &source).map(Some)
    })
}

fn old_value(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<String> {
    let old = arguments.text_or_empty(OLD)?;
    non_empty(old).or_else(|message| arguments.fail(message))
}

fn non_empty(old: String) -> Result<String, String> {
    if old.is_empty() {
        return Err("The argument oldValue is empty.".to_owned());
    }
    Ok(old)
}

fn replace_text(
    arguments: &Arguments<'_, '_, '_>,
    text: &str,
    old: &str,
    replacement: &str,
) -> Result<String, Interrupt> {
    let matches = text.matches(old).count() as u64;
    arguments.allow(matches.saturating_mul(replacement.len() as u64))?;
    Ok(text.replace(old, replacement))
}

fn matches(arguments: &mut Arguments<'_, '_, '_>, source: Value) -> Outcome {
    let pattern = pattern(arguments)?;
    let replacement = arguments.text_or_empty(REPLACEMENT)?;
    let replacement = Replacement::parse(&replacement, &pattern);
    arguments.each_text_of(SOURCE, source, |arguments, source| {
        let replaced = pattern.replace_all(&source, &replacement, arguments.allowance());
        arguments.readable(PATTERN, replaced).map(Some)
    })
}

/// The replacement is taken as it is: it stands for the group, and knows no others.
fn group_of_matches(arguments: &mut Arguments<'_, '_, '_>, source: Value) -> Outcome {
    let pattern = pattern(arguments)?;
    let group = group(arguments, &pattern)?;
    let replacement = arguments.text_or_empty(REPLACEMENT)?;
    arguments.each_text_of(SOURCE, source, |arguments, source| {
        let allowance = arguments.allowance();
        let replaced = pattern.replace(&source, allowance, group, |_, replaced| {
            allowance.take(replacement.len() as u64)?;
            replaced.push_str(&replacement);
            Ok(())
        });
        arguments.readable(PATTERN, replaced).map(Some)
    })
}

/// The source where it has a value, else the group of the first match in the other attribute.
fn elsewhere(arguments: &mut Arguments<'_, '_, '_>, source: Value) -> Outcome {
    if !source.is_null_or_empty() {
        return Ok(source);
    }
    let pattern = pattern(arguments)?;
    let group = group(arguments, &pattern)?;
    let other = arguments.text_or_empty(OTHER_ATTRIBUTE)?;
    let found = pattern.find(&other, arguments.allowance());
    let found = arguments.readable(PATTERN, found)?;
    let text = |found: Match| other[found.group(group).unwrap_or_default()].to_owned();
    Ok(Value::from(found.map(text)))
}

fn pattern(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<Pattern> {
    let text = arguments.text_or_empty(PATTERN)?;
    pattern_of(&text).or_else(|message| arguments.fail(message))
}

fn pattern_of(text: &str) -> Result<Pattern, String> {
    Pattern::parse(text).map_err(|error| error.to_string())
}

fn group(arguments: &mut Arguments<'_, '_, '_>, pattern: &Pattern) -> Outcome<Group> {
    let name = arguments.text_or_empty(GROUP)?;
    group_named(&name, pattern).or_else(|message| arguments.fail(message))
}

fn group_named(name: &str, pattern: &Pattern) -> Result<Group, String> {
    let group = pattern.group(name);
    group.ok_or_else(|| format!("The pattern has no group {}.", quoted(name)))
}
