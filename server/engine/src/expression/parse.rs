//! From text to nodes. Grammar: a value is an attribute, a text, a number, a parameter, a
//! constant, a function call or an expression in parentheses; `&` joins values; one comparison
//! may stand above that.
//!
//! Names match without regard to case, because published expressions write `switch(` and
//! `Instr(`; the canonical spelling is kept. Types are not checked here: most arguments are
//! attributes, and their types are known only when an object comes.

use super::{
    Expression, ParseError, connect_sync, functions,
    syntax::{Call, Comparison, Constant, Node, NodeKind, Operator, TextRange},
};
use crate::directory::AttributeName;

/// How deep calls and parentheses may nest. Reading, evaluating and dropping an expression all
/// recurse, and a browser gives them one megabyte of stack.
const MAX_DEPTH: usize = 128;

pub(super) fn parse(text: &str) -> Result<Node, ParseError> {
    let mut parser = Parser {
        characters: text.chars().collect(),
        index: 0,
        depth: 0,
        nodes: 0,
    };
    if parser.characters.len() > Expression::MAX_CHARACTERS {
        let limit = Expression::MAX_CHARACTERS;
        let length = parser.characters.len();
        return Err(ParseError {
            position: limit + 1,
            message: format!(
                "The expression has {length} characters; at most {limit} are allowed."
            ),
        });
    }
    parser.skip_blanks();
    if parser.peek().is_none() {
        return parser.fail("Enter an expression, for example [displayName].");
    }
    let node = parser.expression()?;
    if parser.peek().is_some() {
        return parser.unexpected("the end of the expression");
    }
    functions::check_placement(&node)?;
    Ok(node)
}

struct Parser {
    characters: Vec<char>,
    index: usize,
    depth: usize,
    nodes: usize,
}

impl Parser {
    /// A concatenation, or a comparison of two; leaves blanks behind it read.
    fn expression(&mut self) -> Result<Node, ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(format!(
                "The expression nests more than {MAX_DEPTH} levels deep."
            ));
        }
        let id = self.next_id();
        let left = self.concatenation()?;
        let node = match self.comparison_operator()? {
            None => left,
            Some(operator) => {
                let right = self.concatenation()?;
                if matches!(self.peek(), Some('=' | '<' | '>')) {
                    return self.fail("Comparisons cannot be chained; nest IIF instead.");
                }
                let range = join(&left, &right);
                let comparison = Comparison {
                    operator,
                    left,
                    right,
                };
                Node {
                    id,
                    range,
                    kind: NodeKind::Comparison(Box::new(comparison)),
                }
            }
        };
        self.depth -= 1;
        Ok(node)
    }

    fn concatenation(&mut self) -> Result<Node, ParseError> {
        let id = self.next_id();
        let first = self.primary()?;
        self.skip_blanks();
        if !self.at_concatenation() {
            return Ok(first);
        }
        let mut operands = Vec::new();
        flatten_into(&mut operands, first);
        while self.at_concatenation() {
            self.index += 1;
            self.skip_blanks();
            let operand = self.primary()?;
            flatten_into(&mut operands, operand);
            self.skip_blanks();
        }
        let range = join(&operands[0], &operands[operands.len() - 1]);
        Ok(Node {
            id,
            range,
            kind: NodeKind::Concatenation(operands),
        })
    }

    fn at_concatenation(&self) -> bool {
        self.peek() == Some('&') && self.peek_at(1) != Some('&')
    }

    /// The operator here, if one is; its blanks are read.
    fn comparison_operator(&mut self) -> Result<Option<Operator>, ParseError> {
        let (operator, width) = match (self.peek(), self.peek_at(1)) {
            (Some('='), Some('=')) => return self.fail("Write one equals sign to compare."),
            (Some('='), _) => (Operator::Equal, 1),
            (Some('<'), Some('>')) => (Operator::NotEqual, 2),
            (Some('<'), Some('=')) => (Operator::LessOrEqual, 2),
            (Some('<'), _) => (Operator::Less, 1),
            (Some('>'), Some('=')) => (Operator::GreaterOrEqual, 2),
            (Some('>'), _) => (Operator::Greater, 1),
            (Some('!'), Some('=')) => return self.fail("Write <> to compare for \"not equal\"."),
            _ => return Ok(None),
        };
        self.index += width;
        self.skip_blanks();
        Ok(Some(operator))
    }

    fn primary(&mut self) -> Result<Node, ParseError> {
        let start = self.index;
        let id = self.next_id();
        let kind = match self.peek() {
            Some('[') => self.attribute()?,
            Some('"') => NodeKind::Text(self.text()?),
            Some('%') => self.parameter()?,
            Some('&' | '-' | '0'..='9') => NodeKind::Number(self.number()?),
            Some('(') => return self.parenthesised(),
            Some(character) if is_word(character) => self.word()?,
            _ => return self.unexpected("a value"),
        };
        Ok(Node {
            id,
            range: TextRange {
                start: start + 1,
                end: self.index + 1,
            },
            kind,
        })
    }

    fn parenthesised(&mut self) -> Result<Node, ParseError> {
        self.index += 1;
        self.skip_blanks();
        let inner = self.expression()?;
        if self.peek() != Some(')') {
            return self.unexpected("a closing parenthesis");
        }
        self.index += 1;
        Ok(inner)
    }

    /// `[name]`. Names may hold a filter in brackets, so brackets are counted.
    fn attribute(&mut self) -> Result<NodeKind, ParseError> {
        let opening = self.index;
        let mut depth = 0_usize;
        let length = self.characters[opening..].iter().position(|character| {
            match character {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let Some(length) = length else {
            return self.fail("This bracket is not closed.");
        };
        let name: String = self.characters[opening + 1..opening + length]
            .iter()
            .collect();
        let name = name.trim();
        if name.is_empty() {
            return self.fail("Enter the name of an attribute between the brackets.");
        }
        self.index = opening + length + 1;
        Ok(NodeKind::Attribute(AttributeName::from(name)))
    }

    /// A text in quotation marks. A backslash makes a backslash or a quotation mark literal;
    /// before anything else it stands for itself, as published expressions need (`"\,"`).
    fn text(&mut self) -> Result<String, ParseError> {
        let opening = self.index;
        let mut text = String::new();
        self.index += 1;
        loop {
            match (self.peek(), self.peek_at(1)) {
                (None, _) => {
                    self.index = opening;
                    return self.fail("This text has no closing quotation mark.");
                }
                (Some('"'), Some('"')) => {
                    return self.fail(
                        "Write a quotation mark inside a text with a backslash before it: \\\"",
                    );
                }
                (Some('"'), _) => {
                    self.index += 1;
                    return Ok(text);
                }
                (Some('\\'), Some(escaped @ ('\\' | '"'))) => {
                    text.push(escaped);
                    self.index += 2;
                }
                (Some(character), _) => {
                    text.push(character);
                    self.index += 1;
                }
            }
        }
    }

    fn parameter(&mut self) -> Result<NodeKind, ParseError> {
        let opening = self.index;
        self.index += 1;
        let name = self.take_while(is_word);
        if name.is_empty() || self.peek() != Some('%') {
            self.index = opening;
            return self.fail("Write a parameter between percent signs, for example %DomainFQDN%.");
        }
        self.index += 1;
        Ok(NodeKind::Parameter(super::canonical_parameter(&name)))
    }

    /// `42`, `-42` or `&H2A`; whole numbers of 64 bits.
    fn number(&mut self) -> Result<i64, ParseError> {
        let start = self.index;
        let number = match (self.peek(), self.peek_at(1)) {
            (Some('&'), Some('h' | 'H')) => {
                self.index += 2;
                let digits = self.take_while(is_word);
                u64::from_str_radix(&digits, 16).ok().map(u64::cast_signed)
            }
            (Some('&'), _) => return self.unexpected("a value"),
            _ => {
                self.index += 1;
                let digits = self.take_while(is_word);
                let sign_or_digit = self.characters[start];
                format!("{sign_or_digit}{digits}").parse().ok()
            }
        };
        if self.peek() == Some('.') {
            return self.fail("Numbers are whole; decimal fractions are not supported.");
        }
        let Some(number) = number else {
            self.index = start;
            return self.fail("This is not a whole number of at most 64 bits.");
        };
        Ok(number)
    }

    /// A function call or a constant.
    fn word(&mut self) -> Result<NodeKind, ParseError> {
        let start = self.index;
        let word = self.take_while(is_word);
        let behind_word = self.index;
        self.skip_blanks();
        if self.peek() == Some('(') {
            return self.call(&word, start);
        }
        self.index = behind_word;
        if let Some(constant) = Constant::find(&word) {
            return Ok(NodeKind::Constant(constant));
        }
        self.index = start;
        if functions::find(&word).is_some() {
            return self.fail(format!("The function {word} needs its parentheses."));
        }
        self.fail(format!(
            "Write [{word}] for the attribute or \"{word}\" for the text."
        ))
    }

    fn call(&mut self, name: &str, start: usize) -> Result<NodeKind, ParseError> {
        let Some(function) = functions::find(name) else {
            self.index = start;
            return self.fail(connect_sync::unknown_function_message(name));
        };
        self.index += 1;
        let mut slots = self.slots()?;
        if let Err(message) = function.check_slots(&mut slots) {
            self.index = start;
            return self.fail(message);
        }
        function.check_literals(&slots)?;
        Ok(NodeKind::Call(Call { function, slots }))
    }

    /// Everything up to the closing parenthesis, which is read too.
    fn slots(&mut self) -> Result<Vec<Option<Node>>, ParseError> {
        let mut slots = Vec::new();
        self.skip_blanks();
        if self.peek() == Some(')') {
            self.index += 1;
            return Ok(slots);
        }
        loop {
            slots.push(self.slot()?);
            match self.peek() {
                Some(',') => self.index += 1,
                Some(')') => {
                    self.index += 1;
                    return Ok(slots);
                }
                _ => return self.unexpected("a comma or a closing parenthesis"),
            }
        }
    }

    fn slot(&mut self) -> Result<Option<Node>, ParseError> {
        self.skip_blanks();
        match self.peek() {
            Some(',' | ')') => Ok(None),
            _ => self.expression().map(Some),
        }
    }

    fn next_id(&mut self) -> usize {
        self.nodes += 1;
        self.nodes - 1
    }

    fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    fn peek_at(&self, distance: usize) -> Option<char> {
        self.characters.get(self.index + distance).copied()
    }

    fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let rest = &self.characters[self.index..];
        let taken: String = rest.iter().copied().take_while(|c| wanted(*c)).collect();
        self.index += taken.chars().count();
        taken
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, ParseError> {
        Err(ParseError {
            position: self.index + 1,
            message: message.into(),
        })
    }

    /// What stands here is not `wanted`; says what to write where that is known.
    fn unexpected<T>(&self, wanted: &str) -> Result<T, ParseError> {
        let Some(found) = self.peek() else {
            return self.fail(format!("The expression ends where {wanted} is expected."));
        };
        let hint = match (found, self.peek_at(1)) {
            ('&', Some('&')) => "The operator && is not supported; nest IIF instead.",
            ('|', _) => "The operator || is not supported; nest IIF instead.",
            ('“' | '”' | '„' | '‘' | '’' | '«' | '»', _) => {
                "Write a text between straight quotation marks: \"text\""
            }
            ('\'', _) => "Write a text between double quotation marks: \"text\"",
            ('+', _) => "The operator + is not supported; join texts with & or Append.",
            ('-' | '*' | '/' | '^', _) => "Calculation is not supported.",
            _ if self.at_word("and") || self.at_word("or") => {
                "AND and OR are not supported; nest IIF instead."
            }
            _ => return self.fail(format!("{found} stands where {wanted} is expected.")),
        };
        self.fail(hint)
    }

    fn at_word(&self, word: &str) -> bool {
        let rest = &self.characters[self.index..];
        let here: String = rest.iter().copied().take_while(|c| is_word(*c)).collect();
        here.eq_ignore_ascii_case(word)
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Joining is associative, so `("a" & "b") & "c"` is one concatenation of three.
fn flatten_into(operands: &mut Vec<Node>, operand: Node) {
    match operand.kind {
        NodeKind::Concatenation(inner) => operands.extend(inner),
        _ => operands.push(operand),
    }
}

fn join(first: &Node, last: &Node) -> TextRange {
    TextRange {
        start: first.range.start,
        end: last.range.end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The canonical form, or the error.
    fn check(text: &str, expected: &str) {
        let printed = match Expression::parse(text) {
            Ok(expression) => expression.to_string(),
            Err(error) => format!("{}: {}", error.position, error.message),
        };
        assert_eq!(printed, expected, "{text}");
    }

    #[test]
    fn expressions_print_in_their_canonical_form() {
        check(
            "replace([preferredLanguage],\"-\", , ,\"_\", ,  )",
            r#"Replace([preferredLanguage], "-", , , "_", , )"#,
        );
        check(
            " [ emails[type eq \"work\"].value ] ",
            r#"[emails[type eq "work"].value]"#,
        );
        check(r#""a\"b\\c\d""#, r#""a\"b\\c\\d""#);
        check(
            "iif((\"a\" & \"b\")=\"ab\",TRUE,null)",
            r#"IIF("a" & "b" = "ab", True, NULL)"#,
        );
        check(
            "(\"a\" = \"b\") & (\"c\" & -5 & &hfF)",
            r#"("a" = "b") & "c" & -5 & 255"#,
        );
        check("%domainfqdn% & %Other%", "%DomainFQDN% & %Other%");
        check("Trim\n( [a] )", "Trim([a])");
        check("ToLower([a], , )", "ToLower([a], )");
    }

    #[test]
    fn errors_say_where_and_what_to_write() {
        check("", "1: Enter an expression, for example [displayName].");
        check(
            "Append([a]",
            "11: The expression ends where a comma or a closing parenthesis is expected.",
        );
        check(
            "Append([a])",
            "1: Append needs its argument suffix: Append(source, suffix)",
        );
        check("Trim([a], [b])", "1: Trim takes one argument: Trim(value)");
        check(
            "Append(givenName, \"x\")",
            "8: Write [givenName] for the attribute or \"givenName\" for the text.",
        );
        check(
            "Append(\"a\"\"b\", \"\")",
            "10: Write a quotation mark inside a text with a backslash before it: \\\"",
        );
        check(
            "Append(\"abc, \"x\")",
            "15: x stands where a comma or a closing parenthesis is expected.",
        );
        check(
            "Trim(“a”)",
            "6: Write a text between straight quotation marks: \"text\"",
        );
        check(
            "IIF([a]=\"b\" && [c]=\"d\", 1, 2)",
            "13: The operator && is not supported; nest IIF instead.",
        );
        check(
            "IIF([a]=\"b\" OR [c]=\"d\", 1, 2)",
            "13: AND and OR are not supported; nest IIF instead.",
        );
        check(
            "[a] = [b] = [c]",
            "11: Comparisons cannot be chained; nest IIF instead.",
        );
        check(
            "Len([a])",
            "1: The function Len is not available in cloud sync.",
        );
        check(
            "LCase([a])",
            "1: The function LCase is not available in cloud sync; use ToLower.",
        );
        check("Foo([a])", "1: There is no function Foo.");
        check(
            "1.5",
            "2: Numbers are whole; decimal fractions are not supported.",
        );
        check(
            "99999999999999999999",
            "1: This is not a whole number of at most 64 bits.",
        );
        check(
            "Trim(Replace([a], , \"(\", , \"\"))",
            "21: Replace: This group is not closed. (character 1 of the pattern)",
        );
        check(
            "FormatDateTime([a], \"yyyy\", \"x\")",
            "29: FormatDateTime: \"x\" is not a date format.",
        );
        check("[a", "1: This bracket is not closed.");
        check(
            "[ ]",
            "1: Enter the name of an attribute between the brackets.",
        );
        check("\"a\\\"", "1: This text has no closing quotation mark.");
        check(
            "%Forest.LDAP%",
            "1: Write a parameter between percent signs, for example %DomainFQDN%.",
        );
    }
}
