//! `…/:id/expression-builder`: puts an expression together, tests it, and takes it back into the
//! mapping. A pane over the attribute mappings, so that nothing typed there is lost.

pub mod draft;
pub mod functions;
pub mod output;
pub mod samples;

use engine::{
    configuration::{ConfigurationId, MappingSource},
    directory::ObjectKind,
    expression_builder::{Offer, Outcome, Question, Sample, TestResult},
};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, components::Redirect, hooks::use_navigate};
use serde::{Deserialize, Serialize};

use self::draft::{Draft, Request};
use super::attribute_mappings::{Shown, kind_label};
use crate::{
    api::{
        self, ApiError,
        expressions::Test,
        resource::{Resource, resource},
    },
    browser,
    components::{
        button::{Button, Weight},
        field::TextArea,
        message_bar::{MessageBar, Severity},
        pane::{Pane, PaneWidth},
    },
    list_address::ListAddress,
    pages::{
        attribute_names::unknown_attributes,
        forms::{after, go_to},
    },
    routes::Route,
    wording::number,
};

const FORM: &str = "expression-builder-form";
const EXPRESSION: &str = "expression_input";

/// What the buttons of the form say.
const THEN_ADD: &str = "add";
const THEN_INSERT: &str = "insert";
const THEN_TEST: &str = "test";
const THEN_APPLY: &str = "apply";

/// The pane's data. Made with the page, whether the pane is open or not.
#[derive(Clone, Copy)]
pub struct Builder {
    id: ConfigurationId,
    shown: Shown,
    /// What the address said when the pane opened.
    opened: Memo<Option<Request>>,
    loaded: Resource<Result<Option<Loaded>, ApiError>>,
}

/// What the pane needs before it can be used, and the test that its address asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Loaded {
    offer: Offer,
    answer: Option<Answer>,
}

/// What a test came to, and for which text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    expression: String,
    result: Result<TestResult, ApiError>,
}

impl Builder {
    pub fn new(id: ConfigurationId, shown: Shown) -> Self {
        let address = ListAddress::while_open(Route::ExpressionBuilder(id));
        let opened = Memo::new(move |earlier: Option<&Option<Request>>| {
            let request = address.with(|address| address.as_ref().map(Request::of));
            // The address follows what is tested; the pane stays as it is.
            match earlier {
                Some(Some(earlier)) if request.is_some() => Some(earlier.clone()),
                _ => request,
            }
        });
        let loaded = resource(move || opened.get(), move |request| load(id, request));
        Self {
            id,
            shown,
            opened,
            loaded,
        }
    }

    /// The mapping's pane, as it was left or as the address names it.
    fn back(self, request: &Request) -> ListAddress {
        request.name_mapping(&self.shown.address_untracked())
    }
}

async fn load(id: ConfigurationId, request: Option<Request>) -> Result<Option<Loaded>, ApiError> {
    let Some(request) = request else {
        return Ok(None);
    };
    let offer = api::expressions::offered(id).await?;
    let answer = match request.question() {
        Some(question) => Some(ask(id, request.kind, question).await),
        None => None,
    };
    Ok(Some(Loaded { offer, answer }))
}

async fn ask(id: ConfigurationId, kind: ObjectKind, question: Question) -> Answer {
    Answer {
        expression: question.expression.clone(),
        result: api::expressions::test(id, kind, question).await,
    }
}

/// Open while the address is that of the builder.
#[component]
pub fn ExpressionBuilder(builder: Builder) -> impl IntoView {
    move || {
        let request = builder.opened.get()?;
        Some(match request.then.as_deref() {
            // Without a script, the form's own address leads back.
            Some(THEN_APPLY) => {
                let path = builder
                    .back(&request)
                    .with("expression", &request.expression);
                view! { <Redirect path=path.to_string()/> }.into_any()
            }
            _ => view! { <OpenPane builder request/> }.into_any(),
        })
    }
}

#[component]
fn OpenPane(builder: Builder, request: Request) -> impl IntoView {
    let draft = Draft::new(&request);
    let close = go_to(builder.back(&request).to_string());
    let subtitle = match request.target.is_empty() {
        true => kind_label(request.kind).to_owned(),
        false => format!("{} · {}", kind_label(request.kind), request.target),
    };
    let footer = move || {
        view! {
            <Button label="Apply expression" weight=Weight::Primary form=FORM name="then" value=THEN_APPLY for_readers=true/>
            <Button label="Cancel" on_click=close/>
            <span class="note">"Apply expression takes the text back into the mapping."</span>
        }
    };
    let body = move || {
        let request = request.clone();
        Suspend::new(async move {
            match builder.loaded.await {
                Ok(Some(loaded)) => {
                    view! { <Body builder request draft loaded close/> }.into_any()
                }
                Ok(None) => ().into_any(),
                Err(error) => view! {
                    <MessageBar id="no-builder" severity=Severity::Error start="The builder could not be loaded." text=error.to_string()/>
                }
                .into_any(),
            }
        })
    };
    view! {
        <Pane id="expression-builder" title="Expression builder" subtitle width=PaneWidth::Wide855 on_close=close footer>
            <Transition>{body}</Transition>
        </Pane>
    }
}

#[component]
fn Body(
    builder: Builder,
    request: Request,
    draft: Draft,
    loaded: Loaded,
    close: Callback<()>,
) -> impl IntoView {
    let (id, kind) = (builder.id, request.kind);
    let Loaded { offer, answer } = loaded;
    let functions = StoredValue::new(offer.functions);
    draft.prepare(functions);
    let test = ServerAction::<Test>::new();
    let asked = RwSignal::new(String::new());
    let first = StoredValue::new(answer);
    let answer = Signal::derive(move || match test.value().get() {
        Some(result) => Some(Answer {
            expression: asked.get_untracked(),
            result,
        }),
        None => first.get_value(),
    });
    let put = move |question: Question| {
        asked.set(question.expression.clone());
        test.dispatch(Test { id, kind, question });
    };
    let applies = RwSignal::new(false);
    after(test, move |result: TestResult| {
        if let Outcome::Refused(_) = result.outcome {
            browser::focus_by_id(EXPRESSION);
        } else if applies.get_untracked() {
            builder.shown.apply_expression(asked.get_untracked());
            close.run(());
        }
    });
    let address = request.clone();
    let navigate = use_navigate();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let then = browser::submitter_value(&event);
        applies.set(then.as_deref() == Some(THEN_APPLY));
        match then.as_deref() {
            Some(THEN_ADD) => draft.insert(&draft.call()),
            Some(THEN_INSERT) => draft.insert(&draft.attribute_in_brackets()),
            Some(THEN_APPLY) => put(draft.question(Sample::None)),
            _ => {
                let replace = NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&draft.address(id, &address).to_string(), replace);
                put(draft.question(draft.sample()));
            }
        }
    };
    let path = Route::ExpressionBuilder(id).to_string();
    view! {
        <form id=FORM class="expression-builder" method="get" action=path on:submit=submit>
            // What the Enter key does.
            <button type="submit" name="then" value=THEN_TEST hidden></button>
            {request.hidden_inputs()}
            <functions::Functions functions draft/>
            <div class="stack wide">
                <ExpressionInput id draft answer/>
                <samples::Samples id kind draft answer is_busy=test.pending()/>
                <output::Output answer is_detailed=true/>
            </div>
            <datalist id="builder-attributes">
                {offer.attributes.into_iter().map(|name| view! { <option value=format!("[{name}]")></option> }).collect_view()}
            </datalist>
        </form>
    }
}

#[component]
fn ExpressionInput(
    id: ConfigurationId,
    draft: Draft,
    answer: Signal<Option<Answer>>,
) -> impl IntoView {
    let warning = unknown_attributes(id, move || MappingSource::Expression {
        expression: draft.expression.get(),
    });
    let error = Signal::derive(move || {
        let answer = answer.get()?;
        let is_of_this_text = draft.expression.with(|text| *text == answer.expression);
        answer.refusal().filter(|_| is_of_this_text)
    });
    view! {
        <div class="expression-input" on:focusin=move |_| draft.has_caret.set(true)>
            <TextArea
                name="expression_input"
                label="Expression input"
                value=draft.expression
                technical=true
                rows=6
                hint="Attributes stand in square brackets, texts in double quotes. To clear the target, write two double quotes."
                error
                warning
                class="full-width"
            />
            <CharacterCount text=draft.expression/>
        </div>
    }
}

/// How much of the room for an expression is taken.
#[component]
pub fn CharacterCount(text: RwSignal<String>) -> impl IntoView {
    const MOST: usize = engine::expression::Expression::MAX_CHARACTERS;
    let count = move || text.with(|text| text.chars().count());
    let words = move || {
        let count = number(count() as u64);
        format!("{count} of {} characters", number(MOST as u64))
    };
    view! {
        <span class="character-count" class:too-many=move || { count() > MOST }>{words}</span>
    }
}

impl Answer {
    /// Why the text is no expression.
    fn refusal(&self) -> Option<String> {
        match &self.result {
            Ok(TestResult {
                outcome: Outcome::Refused(remark),
                ..
            }) => Some(remark.to_string()),
            _ => None,
        }
    }

    pub fn new(expression: String, result: Result<TestResult, ApiError>) -> Self {
        Self { expression, result }
    }

    /// What is wrong with the object that was to be tested.
    pub fn object_error(&self) -> Option<String> {
        self.result.as_ref().err()?.of_field("object")
    }
}
