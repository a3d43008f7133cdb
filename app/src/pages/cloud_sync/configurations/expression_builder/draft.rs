//! What the address of the expression builder says, and what a person types into it.

use engine::{
    configuration::ConfigurationId,
    directory::ObjectKind,
    expression::functions::Presence,
    expression_builder::{FunctionHelp, ParameterHelp, Question, Sample, call},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EXPRESSION, THEN_ADD, THEN_INSERT, THEN_TEST};
use crate::{browser, list_address::ListAddress, routes::Route};

/// Tested on an object; otherwise on a typed value.
pub const ON_OBJECT: &str = "object";
pub const ON_VALUE: &str = "value";

const FIRST_FUNCTION: &str = "Replace";

/// What the address says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub kind: ObjectKind,
    /// Of the mapping's pane: `edit` or `add`.
    pub pane: String,
    pub target: String,
    pub expression: String,
    pub function: String,
    pub arguments: Vec<String>,
    pub insert: String,
    pub test_on: String,
    pub attribute: String,
    pub value: String,
    pub sample: String,
    /// What the button said that sent the form.
    pub then: Option<String>,
}

impl Request {
    pub fn of(address: &ListAddress) -> Self {
        let mut request = Self {
            kind: ObjectKind::parse(&address.text("kind")).unwrap_or(ObjectKind::User),
            pane: address.text("pane"),
            target: address.text("target"),
            expression: address.text(EXPRESSION),
            function: address.text("function"),
            arguments: address.all("argument"),
            insert: address.text("attribute_to_insert"),
            test_on: address.text("test_on"),
            attribute: address.text("attribute_to_test"),
            value: address.text("sample_value"),
            sample: address.text("sample"),
            then: address.get("then").map(str::to_owned),
        };
        request.do_without_script();
        request
    }

    /// Without a script, buttons that add to the expression come here.
    fn do_without_script(&mut self) {
        let addition = match self.then.as_deref() {
            Some(THEN_ADD) => call(&self.function, &self.arguments),
            Some(THEN_INSERT) => bracketed(&self.insert),
            _ => return,
        };
        self.expression.push_str(&addition);
    }

    /// The test that the address asks for.
    pub fn question(&self) -> Option<Question> {
        let sample = match self.test_on.as_str() {
            ON_OBJECT => Sample::Object(self.sample.clone()),
            _ => Sample::Typed {
                attribute: self.attribute.clone(),
                value: self.value.clone(),
            },
        };
        let question = Question {
            expression: self.expression.clone(),
            sample,
        };
        self.then
            .as_deref()
            .is_some_and(|then| then == THEN_TEST)
            .then_some(question)
    }

    /// The address of the mappings, with the pane of the mapping that the builder is for.
    pub fn name_mapping(&self, mappings: &ListAddress) -> ListAddress {
        let address = mappings
            .without(&["ask", "notice", "expression"])
            .with("kind", self.kind);
        match self.pane.is_empty() {
            true => address,
            false => address
                .with("pane", &self.pane)
                .with("target", &self.target),
        }
    }

    pub fn hidden_inputs(&self) -> impl IntoView + use<> {
        let input = |(name, value): (&'static str, String)| {
            view! { <input type="hidden" name=name value=value/> }
        };
        self.of_mapping().map(input).collect_view()
    }

    fn of_mapping(&self) -> [(&'static str, String); 3] {
        [
            ("kind", self.kind.to_string()),
            ("pane", self.pane.clone()),
            ("target", self.target.clone()),
        ]
    }
}

/// What stands in the pane.
#[derive(Clone, Copy)]
pub struct Draft {
    pub expression: RwSignal<String>,
    /// Whether somebody has put the caret into the expression.
    pub has_caret: RwSignal<bool>,
    pub function: RwSignal<String>,
    /// One for each parameter; those that repeat come again at the end.
    pub arguments: RwSignal<Vec<RwSignal<String>>>,
    pub attribute_to_insert: RwSignal<String>,
    pub test_on: RwSignal<String>,
    pub attribute: RwSignal<String>,
    pub value: RwSignal<String>,
    pub sample: RwSignal<String>,
}

impl Draft {
    pub fn new(request: &Request) -> Self {
        let or = |text: &str, otherwise: &str| match text.is_empty() {
            true => RwSignal::new(otherwise.to_owned()),
            false => RwSignal::new(text.to_owned()),
        };
        let arguments = request.arguments.iter().cloned().map(RwSignal::new);
        Self {
            expression: RwSignal::new(request.expression.clone()),
            has_caret: RwSignal::new(false),
            function: or(&request.function, FIRST_FUNCTION),
            arguments: RwSignal::new(arguments.collect()),
            attribute_to_insert: RwSignal::new(String::new()),
            test_on: or(&request.test_on, ON_VALUE),
            attribute: RwSignal::new(request.attribute.clone()),
            value: RwSignal::new(request.value.clone()),
            sample: RwSignal::new(request.sample.clone()),
        }
    }

    /// Gives every parameter of the chosen function its argument.
    pub fn prepare(self, functions: StoredValue<Vec<FunctionHelp>>) {
        let wanted = functions.with_value(|functions| {
            let chosen = self.function.get_untracked();
            let function = functions.iter().find(|function| function.name == chosen);
            function.map_or(0, |function| function.parameters.len())
        });
        self.arguments.update(|arguments| {
            while arguments.len() < wanted {
                arguments.push(RwSignal::new(String::new()));
            }
        });
    }

    /// Begins anew with another function.
    pub fn choose(self, functions: StoredValue<Vec<FunctionHelp>>, name: String) {
        self.function.set(name);
        self.arguments.set(Vec::new());
        self.prepare(functions);
    }

    pub fn repeat(self, parameters: &[ParameterHelp]) {
        let repeating = parameters
            .iter()
            .filter(|parameter| parameter.presence == Presence::Repeating);
        let more = repeating.map(|_| RwSignal::new(String::new()));
        self.arguments.update(|arguments| arguments.extend(more));
    }

    pub fn call(self) -> String {
        let arguments = self.arguments.get_untracked();
        let arguments: Vec<String> = arguments.iter().map(|one| one.get_untracked()).collect();
        call(&self.function.get_untracked(), &arguments)
    }

    pub fn attribute_in_brackets(self) -> String {
        bracketed(&self.attribute_to_insert.get_untracked())
    }

    /// Where the caret stands in the expression; at its end when nobody put the caret there.
    pub fn insert(self, text: &str) {
        if !self.has_caret.get_untracked() {
            self.expression
                .update(|expression| expression.push_str(text));
            browser::focus_by_id(EXPRESSION);
        } else if let Some(expression) = browser::inserted_at_caret(EXPRESSION, text) {
            self.expression.set(expression);
        }
    }

    pub fn sample(self) -> Sample {
        match self.test_on.get_untracked().as_str() {
            ON_OBJECT => Sample::Object(self.sample.get_untracked()),
            _ => Sample::Typed {
                attribute: self.attribute.get_untracked(),
                value: self.value.get_untracked(),
            },
        }
    }

    pub fn question(self, sample: Sample) -> Question {
        Question {
            expression: self.expression.get_untracked(),
            sample,
        }
    }

    /// The address under which the pane opens as it is now, and is tested.
    pub fn address(self, id: ConfigurationId, request: &Request) -> ListAddress {
        let plain = ListAddress::plain(Route::ExpressionBuilder(id));
        let said = [
            (EXPRESSION, self.expression),
            ("function", self.function),
            ("test_on", self.test_on),
            ("attribute_to_test", self.attribute),
            ("sample_value", self.value),
            ("sample", self.sample),
        ];
        let said = said.map(|(name, value)| (name, value.get_untracked()));
        let mapping = request.of_mapping();
        let all = mapping.into_iter().chain(said);
        let address = all
            .filter(|(_, value)| !value.is_empty())
            .fold(plain, |address, (name, value)| address.with(name, value));
        address.with("then", THEN_TEST)
    }
}

fn bracketed(name: &str) -> String {
    let name = name.trim().trim_start_matches('[').trim_end_matches(']');
    match name.is_empty() {
        true => String::new(),
        false => format!("[{name}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &str) -> Request {
        let address = query.split('&').filter_map(|pair| pair.split_once('='));
        let plain = ListAddress::plain(Route::CloudSync);
        Request::of(&address.fold(plain, |address, (name, value)| address.with(name, value)))
    }

    #[test]
    fn buttons_work_without_a_script() {
        let added = request("expression_input=[sn] & &function=Trim&argument=[mail]&then=add");
        assert_eq!(added.expression, "[sn] Trim([mail])");
        let inserted = request("attribute_to_insert=mail&then=insert");
        assert_eq!(inserted.expression, "[mail]");
        assert_eq!(inserted.question(), None);
        let tested = request("expression_input=[sn]&test_on=object&sample=anna&then=test");
        let question = tested.question().unwrap();
        assert_eq!(question.sample, Sample::Object("anna".to_owned()));
    }
}
