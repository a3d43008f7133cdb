//! What the expression builder shows: the functions with their help, and what a test came to.
//!
//! [`functions`], [`read`] and [`test`] bring the whole evaluator along: only the server calls them.
//! [`call`], [`attributes_in`] and the types are for the browser, too.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    configuration::schema,
    directory::{AttributeName, AttributeValue, Attributes},
    expression::{
        Evaluated, EvaluationContext, Expression, Step, StepResult, TextRange,
        functions::{self, Presence},
        quoted_text,
    },
};

/// One function, as its help shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionHelp {
    pub name: String,
    /// For example `Mid(source, start, [length])`.
    pub signature: String,
    pub summary: String,
    pub parameters: Vec<ParameterHelp>,
    pub examples: Vec<ExampleHelp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterHelp {
    pub name: String,
    pub description: String,
    pub presence: Presence,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExampleHelp {
    pub expression: String,
    pub result: String,
}

/// What the builder offers for one configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    pub functions: Vec<FunctionHelp>,
    /// Attributes of the directory that mappings can read, by name.
    pub attributes: Vec<String>,
}

/// What is to be tested, on what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    pub expression: String,
    pub sample: Sample,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sample {
    /// Nothing is evaluated: does the text parse, and may a mapping use it?
    None,
    /// One value of one attribute, as somebody typed it; all others are empty.
    Typed { attribute: String, value: String },
    /// An object of the directory, as somebody named it.
    Object(String),
}

/// The answer to a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResult {
    pub outcome: Outcome,
    /// The object that it was tested on.
    pub object: Option<String>,
    /// The attributes that the expression reads, with what the sample has of them.
    pub inputs: Vec<Input>,
    /// The parts in the order of the text; the first is the whole.
    pub parts: Vec<Part>,
    /// What is allowed, but seldom meant.
    pub warnings: Vec<Remark>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It parses, and nothing was evaluated.
    Accepted,
    /// No values is null.
    Values(Vec<String>),
    /// The attribute would be left out.
    Skip,
    /// No value for this sample.
    Failed(Remark),
    /// No expression that a mapping could use.
    Refused(Remark),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    pub name: String,
    pub values: Vec<String>,
}

/// One part of the expression and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// How many parts it lies in.
    pub depth: usize,
    pub text: String,
    /// In words.
    pub result: String,
    pub is_error: bool,
}

/// A sentence about a place in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    pub place: Option<Place>,
    pub message: String,
}

/// Both count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(Place { line, column }) => {
                write!(f, "Line {line}, column {column}: {}", self.message)
            }
            None => f.write_str(&self.message),
        }
    }
}

impl Place {
    /// Where the character stands that is counted from 1.
    pub fn of(text: &str, position: usize) -> Self {
        let before: Vec<char> = text.chars().take(position.saturating_sub(1)).collect();
        let line_start = before.iter().rposition(|character| *character == '\n');
        Self {
            line: 1 + before.iter().filter(|c| **c == '\n').count(),
            column: 1 + before.len() - line_start.map_or(0, |newline| newline + 1),
        }
    }
}

/// In the place of what `Redact` hides.
const REDACTED: &str = "[Redact]";

/// The text of a call. Attributes in brackets, quoted texts, numbers, parameters and calls stay as
/// they were typed; everything else becomes a text. Arguments left empty at the end are left off.
pub fn call(function: &str, arguments: &[String]) -> String {
    let is_given = |argument: &String| !argument.is_empty();
    let count = arguments
        .iter()
        .rposition(is_given)
        .map_or(0, |last| last + 1);
    let arguments = arguments.iter().take(count);
    let arguments: Vec<String> = arguments.map(|argument| written(argument)).collect();
    format!("{function}({})", arguments.join(", "))
}

fn written(argument: &str) -> String {
    let text = argument;
    let argument = argument.trim();
    let stands_between = |start: char, end: char| {
        argument.len() > 1 && argument.starts_with(start) && argument.ends_with(end)
    };
    let is_call = argument.ends_with(')')
        && argument
            .split_once('(')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(char::is_alphanumeric));
    let is_expression = text.is_empty()
        || stands_between('[', ']')
        || stands_between('"', '"')
        || stands_between('%', '%')
        || argument.parse::<i64>().is_ok()
        || is_call;
    match is_expression {
        true => argument.to_owned(),
        false => quoted_text(text),
    }
}

/// The attributes that an expression names, each once, without reading the expression: what stands in
/// brackets outside of texts.
pub fn attributes_in(expression: &str) -> Vec<AttributeName> {
    let mut names: Vec<AttributeName> = Vec::new();
    let mut is_in_text = false;
    let mut rest = expression;
    while let Some(position) = rest.find(['"', '\\', '[']) {
        let (found, behind) = rest[position..].split_at(1);
        rest = behind;
        match (found, is_in_text) {
            ("\"", _) => is_in_text = !is_in_text,
            ("\\", true) => rest = behind.strip_prefix(['\\', '"']).unwrap_or(behind),
            ("[", false) => {
                let name = behind.split(']').next().unwrap_or_default().trim();
                if !names.contains(&name.into()) {
                    names.push(name.into());
                }
            }
            _ => {}
        }
    }
    names
}

/// All functions with their help.
pub fn functions() -> Vec<FunctionHelp> {
    let help = |function: &&functions::Function| FunctionHelp {
        name: function.name.to_owned(),
        signature: function.signature(),
        summary: function.summary.to_owned(),
        parameters: function.parameters.iter().map(parameter_help).collect(),
        examples: function.examples.iter().map(example_help).collect(),
    };
    functions::ALL.iter().map(help).collect()
}

fn parameter_help(parameter: &functions::Parameter) -> ParameterHelp {
    ParameterHelp {
        name: parameter.name.to_owned(),
        description: parameter.description.to_owned(),
        presence: parameter.presence,
    }
}

fn example_help(example: &functions::Example) -> ExampleHelp {
    ExampleHelp {
        expression: example.expression.to_owned(),
        result: example.result.to_owned(),
    }
}

/// The expression, or why no mapping could use it.
pub fn read(text: &str) -> Result<Expression, Remark> {
    let expression = Expression::parse(text).map_err(|error| Remark {
        place: Some(Place::of(text, error.position)),
        message: error.message,
    })?;
    let unreadable = expression.attributes().into_iter().find_map(unreadable);
    match unreadable {
        Some(message) => Err(Remark {
            place: None,
            message,
        }),
        None => Ok(expression),
    }
}

fn unreadable(attribute: &AttributeName) -> Option<String> {
    if schema::is_source_secret(attribute) {
        return Some(format!(
            "{attribute} holds a password. No expression can read it."
        ));
    }
    schema::is_source_reference(attribute).then(|| {
        format!("{attribute} holds the names of other objects. No expression can read it.")
    })
}

impl TestResult {
    pub fn refused(remark: Remark) -> Self {
        Self::without_parts(Outcome::Refused(remark))
    }

    pub fn without_parts(outcome: Outcome) -> Self {
        Self {
            outcome,
            object: None,
            inputs: Vec::new(),
            parts: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// Evaluates what [`read`] made of `text`.
pub fn test(
    text: &str,
    expression: &Expression,
    attributes: &Attributes,
    context: &EvaluationContext<'_>,
) -> TestResult {
    let outcome = match expression.evaluate(attributes, context) {
        Ok(Evaluated::Skip) => Outcome::Skip,
        Ok(Evaluated::Values(_)) if expression.is_redacted() => {
            Outcome::Values(vec![REDACTED.to_owned()])
        }
        Ok(Evaluated::Values(values)) => Outcome::Values(texts(&values)),
        Err(error) => Outcome::Failed(Remark {
            place: Some(Place::of(text, error.position)),
            message: match error.function {
                Some(function) => format!("{function}: {}", error.message),
                None => error.message,
            },
        }),
    };
    let input = |name: &AttributeName| Input {
        name: name.to_string(),
        values: match expression.is_redacted() {
            true => vec![REDACTED.to_owned()],
            false => texts(attributes.get(name)),
        },
    };
    TestResult {
        outcome,
        object: None,
        inputs: expression.attributes().into_iter().map(input).collect(),
        parts: parts(&expression.trace(attributes, context).steps),
        warnings: warnings(text, expression),
    }
}

fn warnings(text: &str, expression: &Expression) -> Vec<Remark> {
    let mut warnings: Vec<Remark> = expression
        .warnings()
        .into_iter()
        .map(|warning| Remark {
            place: Some(Place::of(text, warning.range.start)),
            message: warning.message,
        })
        .collect();
    if expression.selects_unique_value() {
        warnings.push(Remark {
            place: None,
            message:
                "A test takes every value for free. What is taken is asked of the tenant when \
                      an object is created."
                    .to_owned(),
        });
    }
    warnings
}

fn parts(steps: &[Step]) -> Vec<Part> {
    let mut around: Vec<TextRange> = Vec::new();
    let part = |step: &Step| {
        let lies_in =
            |outer: &TextRange| outer.start <= step.range.start && step.range.end <= outer.end;
        while around.last().is_some_and(|outer| !lies_in(outer)) {
            around.pop();
        }
        let depth = around.len();
        around.push(step.range);
        Part {
            depth,
            text: step.text.clone(),
            result: result_in_words(step),
            is_error: matches!(step.result, StepResult::Error(_)),
        }
    };
    steps.iter().map(part).collect()
}

fn result_in_words(step: &Step) -> String {
    match &step.result {
        StepResult::NotEvaluated => "not needed".to_owned(),
        _ if step.is_redacted => REDACTED.to_owned(),
        StepResult::Values(values) if values.is_empty() => "nothing".to_owned(),
        StepResult::Values(values) => texts(values).join(" · "),
        StepResult::Skip => "left out".to_owned(),
        StepResult::Error(message) => message.clone(),
    }
}

fn texts(values: &[AttributeValue]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::examples;

    fn tested(text: &str) -> TestResult {
        match read(text) {
            Err(remark) => TestResult::refused(remark),
            Ok(expression) => examples::in_context(|context| {
                test(text, &expression, &examples::object(), context)
            }),
        }
    }

    #[test]
    fn a_call_is_written_as_somebody_means_it() {
        let check = |arguments: &[&str], expected: &str| {
            let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
            let written = call("F", &arguments);
            assert_eq!(written, expected);
            assert!(!written.contains("\"\"\""), "{written}");
        };
        check(
            &["[mail]", "contoso.com", "3"],
            r#"F([mail], "contoso.com", 3)"#,
        );
        check(&[" [mail]", "", " a ", "", ""], r#"F([mail], , " a ")"#);
        check(&["say \"hi\"", "\\d", ""], r#"F("say \"hi\"", "\\d")"#);
        check(
            &["Trim([sn])", "%DomainFQDN%", "(old)"],
            r#"F(Trim([sn]), %DomainFQDN%, "(old)")"#,
        );
        check(&[], "F()");
    }

    #[test]
    fn a_mistake_is_placed_by_line_and_column() {
        let result = tested("Join(\" \",\n  [sn], Trm([sn]))");
        let Outcome::Refused(remark) = result.outcome else {
            panic!("{result:?}");
        };
        assert_eq!(remark.place, Some(Place { line: 2, column: 9 }));
        assert!(
            remark.to_string().starts_with("Line 2, column 9: "),
            "{remark}"
        );
    }

    #[test]
    fn every_part_is_told_with_how_deep_it_lies() {
        let result = tested(r#"IIF([department] = "Sales", Trim([sn]), "no")"#);
        assert_eq!(result.outcome, Outcome::Values(vec!["Bergmann".to_owned()]));
        let lines: Vec<String> = result
            .parts
            .iter()
            .map(|part| format!("{} {} → {}", part.depth, part.text, part.result))
            .collect();
        assert_eq!(
            lines[1..],
            [
                r#"1 [department] = "Sales" → True"#,
                "2 [department] → Sales",
                r#"2 "Sales" → Sales"#,
                "1 Trim([sn]) → Bergmann",
                "2 [sn] → Bergmann",
                r#"1 "no" → not needed"#,
            ]
        );
        assert_eq!(result.inputs[1].values, ["Bergmann"]);
    }

    #[test]
    fn what_is_redacted_or_secret_is_not_shown() {
        let redacted = tested("Redact([mail])");
        assert!(redacted.parts.iter().all(|part| part.result == "[Redact]"));
        assert_eq!(
            redacted.outcome,
            Outcome::Values(vec!["[Redact]".to_owned()])
        );
        for text in ["[unicodePwd]", "Trim([member])"] {
            assert!(
                matches!(tested(text).outcome, Outcome::Refused(_)),
                "{text}"
            );
        }
    }

    #[test]
    fn attributes_are_found_without_reading_the_expression() {
        let examples = functions::ALL.iter().flat_map(|function| function.examples);
        let texts = examples.map(|example| example.expression);
        let own = [r#"Join("[\"[no]", [sn], "\\", [mail], [SN], "\d[no]")"#];
        let mut count = 0;
        for text in texts.chain(own) {
            // Examples of what is refused are no expressions.
            let Ok(expression) = Expression::parse(text) else {
                continue;
            };
            let read: Vec<AttributeName> = expression.attributes().into_iter().cloned().collect();
            assert_eq!(attributes_in(text), read, "{text}");
            count += 1;
        }
        assert!(count > 50);
    }

    #[test]
    fn every_function_has_help() {
        let all = functions();
        assert_eq!(all.len(), functions::ALL.len());
        let replace = all.iter().find(|function| function.name == "Replace");
        assert!(replace.is_some_and(|replace| replace.parameters.len() > 2));
    }
}
