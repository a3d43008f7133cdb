//! What a person has typed on the configuration page and not saved yet. Page and panes share it.

use engine::{
    configuration::{
        ConfigurationId,
        draft::{
            ACCIDENTAL_DELETION_THRESHOLD, CONTACT_THRESHOLD, ConfigurationDraft,
            DELETION_PERCENTAGE, FieldError, GROUP_THRESHOLD, LOST_MEMBERS_PERCENTAGE,
            LOST_MEMBERS_THRESHOLD, LimitsDraft, NOTIFICATION_EMAIL, ScopeDraft, Settings,
            SettingsDraft, USER_THRESHOLD,
        },
    },
    directory::{Dn, ObjectKind},
    records::{ConfigurationDetails, ConfigurationState},
};
use leptos::prelude::*;

use crate::{browser, wording::count};

/// The page's form, as it stands.
#[derive(Clone, Copy)]
pub struct Editor {
    /// What the server has.
    pub saved: RwSignal<ConfigurationDetails>,
    /// What changes by itself.
    pub state: RwSignal<ConfigurationState>,
    /// Whether somebody deleted the configuration meanwhile.
    pub is_gone: RwSignal<bool>,
    pub notification_email: RwSignal<String>,
    pub prevent_accidental_deletion: RwSignal<bool>,
    pub threshold: RwSignal<String>,
    /// Limits beside the threshold, in the order of [`LIMITS`].
    pub limits: [RwSignal<String>; LIMITS.len()],
    pub password_hash_sync: RwSignal<bool>,
    /// The deploy selector: "true" or "false", as its radio buttons send it.
    pub enabled: RwSignal<String>,
    /// What **Done** of the scope pane left.
    pub scope: RwSignal<ScopeDraft>,
    /// What is wrong, field by field.
    pub errors: RwSignal<Vec<FieldError>>,
}

impl Editor {
    pub fn new(details: ConfigurationDetails) -> Self {
        let settings = settings_of(&details);
        Self {
            state: RwSignal::new(details.state.clone()),
            is_gone: RwSignal::new(false),
            notification_email: RwSignal::new(settings.notification_email),
            prevent_accidental_deletion: RwSignal::new(settings.prevent_accidental_deletion),
            threshold: RwSignal::new(settings.accidental_deletion_threshold),
            limits: limits_of(settings.limits).map(RwSignal::new),
            password_hash_sync: RwSignal::new(settings.password_hash_sync),
            enabled: RwSignal::new(settings.enabled.to_string()),
            scope: RwSignal::new(ScopeDraft::of(&details.configuration)),
            saved: RwSignal::new(details),
            errors: RwSignal::new(Vec::new()),
        }
    }

    pub fn id(self) -> ConfigurationId {
        self.saved.read_untracked().configuration.id
    }

    pub fn domain(self) -> String {
        self.saved.read_untracked().configuration.domain.to_string()
    }

    pub fn base_dn(self) -> Dn {
        self.saved.read_untracked().configuration.base_dn.clone()
    }

    pub fn settings_draft(self) -> SettingsDraft {
        SettingsDraft {
            notification_email: self.notification_email.get(),
            prevent_accidental_deletion: self.prevent_accidental_deletion.get(),
            accidental_deletion_threshold: self.threshold.get(),
            limits: Some(limits_draft(self.limits.map(|limit| limit.get()))),
            password_hash_sync: self.password_hash_sync.get(),
            enabled: self.enabled.read().as_str() == "true",
        }
    }

    /// What **Save** sends.
    pub fn draft(self) -> ConfigurationDraft {
        ConfigurationDraft {
            revision: self.saved.read().configuration.revision,
            settings: self.settings_draft(),
            scope: self.scope_to_save(),
        }
    }

    /// The scope, when it differs from the stored one.
    pub fn scope_to_save(self) -> Option<ScopeDraft> {
        let stored = ScopeDraft::of(&self.saved.read().configuration);
        let scope = self.scope.get();
        (!scope.is_same_as(&stored)).then_some(scope)
    }

    /// Every difference between the form and what is stored, in words.
    pub fn changes(self) -> Vec<String> {
        let before = settings_of(&self.saved.read());
        let after = self.settings_draft();
        let mut changes = Vec::new();
        let mut differs = |is_different: bool, change: String| {
            if is_different {
                changes.push(change);
            }
        };
        if let Some(scope) = self.scope_to_save() {
            let stored = ScopeDraft::of(&self.saved.read().configuration);
            differs(
                scope.choice != stored.choice || scope.names() != stored.names(),
                format!(
                    "Scope: {} to {}",
                    self.scope_in_words(&stored),
                    self.scope_in_words(&scope)
                ),
            );
            differs(
                scope.nested_group_depth != stored.nested_group_depth,
                "Levels of nested groups".to_owned(),
            );
            differs(
                scope.clauses != stored.clauses,
                format!(
                    "Attribute filters: {} to {}",
                    clauses_in_words(&stored),
                    clauses_in_words(&scope)
                ),
            );
        }
        differs(
            before.password_hash_sync != after.password_hash_sync,
            format!(
                "Password hash sync: {}",
                on_or_off(after.password_hash_sync)
            ),
        );
        differs(
            before.notification_email.trim() != after.notification_email.trim(),
            format!(
                "Notification email: {} to {}",
                or_none(&before.notification_email),
                or_none(&after.notification_email),
            ),
        );
        differs(
            before.prevent_accidental_deletion != after.prevent_accidental_deletion,
            format!(
                "Prevent accidental deletion: {}",
                on_or_off(after.prevent_accidental_deletion)
            ),
        );
        differs(
            before.accidental_deletion_threshold.trim()
                != after.accidental_deletion_threshold.trim(),
            format!(
                "Threshold: {} to {}",
                before.accidental_deletion_threshold,
                or_none(&after.accidental_deletion_threshold),
            ),
        );
        let limits = limits_of(before.limits)
            .into_iter()
            .zip(limits_of(after.limits));
        for (limit, (before, after)) in LIMITS.iter().zip(limits) {
            differs(
                before.trim() != after.trim(),
                format!(
                    "{}: {} to {}",
                    limit.label,
                    or_none(&before),
                    or_none(&after)
                ),
            );
        }
        differs(
            before.enabled != after.enabled,
            if after.enabled {
                "Deploy: enabled".to_owned()
            } else {
                "Deploy: disabled".to_owned()
            },
        );
        changes
    }

    pub fn changes_untracked(self) -> Vec<String> {
        untrack(|| self.changes())
    }

    pub fn has_changes(self) -> bool {
        !self.changes().is_empty()
    }

    pub fn has_changes_untracked(self) -> bool {
        untrack(|| self.has_changes())
    }

    /// A scope as the page names it, also one that was not checked yet.
    pub fn scope_in_words(self, scope: &ScopeDraft) -> String {
        match scope.scope(&self.base_dn()) {
            Ok(scope) => scope.summary(),
            Err(_) => "incomplete".to_owned(),
        }
    }

    /// Forgets what was typed.
    pub fn discard(self) {
        let details = self.saved.get_untracked();
        let settings = settings_of(&details);
        self.notification_email.set(settings.notification_email);
        self.prevent_accidental_deletion
            .set(settings.prevent_accidental_deletion);
        self.threshold.set(settings.accidental_deletion_threshold);
        for (signal, limit) in self.limits.into_iter().zip(limits_of(settings.limits)) {
            signal.set(limit);
        }
        self.password_hash_sync.set(settings.password_hash_sync);
        self.enabled.set(settings.enabled.to_string());
        self.scope.set(ScopeDraft::of(&details.configuration));
        self.errors.set(Vec::new());
    }

    /// The server stored the form: what it has is what is shown.
    pub fn take_over(self, details: ConfigurationDetails) {
        self.state.set(details.state.clone());
        self.saved.set(details);
        self.discard();
    }

    /// What is wrong with a field.
    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let errors = self.errors.read();
            errors
                .iter()
                .find(|error| error.field == field)
                .map(|error| error.message.clone())
        })
    }

    /// Shows what is wrong and leads to the first field that is.
    pub fn show_errors(self, errors: Vec<FieldError>) {
        if let Some(first) = errors.first() {
            browser::focus_by_id(&first.field);
        }
        self.errors.set(errors);
    }

    /// Checks the settings when a field was left; says nothing about fields that nobody touched.
    pub fn check_settings(self) {
        let found = untrack(|| self.settings_draft().validate())
            .err()
            .unwrap_or_default();
        self.errors.set(found);
    }
}

/// For example "2 clauses for users, 1 clause for groups"; "none" without clauses.
pub fn clauses_in_words(scope: &ScopeDraft) -> String {
    let of_kind = |kind: ObjectKind| {
        let clauses = scope.clauses.iter().filter(|clause| clause.kind == kind);
        let clauses = clauses.count() as u64;
        (clauses > 0).then(|| format!("{} for {kind}s", count(clauses, "clause")))
    };
    let parts: Vec<String> = ObjectKind::ALL.into_iter().filter_map(of_kind).collect();
    match parts.is_empty() {
        true => "none".to_owned(),
        false => parts.join(", "),
    }
}

/// The names of the fields that [`Editor::error`] knows.
pub const EMAIL_FIELD: &str = NOTIFICATION_EMAIL;
pub const THRESHOLD_FIELD: &str = ACCIDENTAL_DELETION_THRESHOLD;

/// A limit of deletions beside the threshold.
pub struct Limit {
    /// As the form sends it.
    pub name: &'static str,
    pub field: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
}

pub const LIMITS: [Limit; 6] = [
    Limit {
        name: "draft[settings][limits][deletion_percentage]",
        field: DELETION_PERCENTAGE,
        label: "Share of one kind (%)",
        hint: "Holds deletions that reach this share of the users, groups or contacts that are managed.",
    },
    Limit {
        name: "draft[settings][limits][user_threshold]",
        field: USER_THRESHOLD,
        label: "Users",
        hint: "A threshold for users by themselves.",
    },
    Limit {
        name: "draft[settings][limits][group_threshold]",
        field: GROUP_THRESHOLD,
        label: "Groups",
        hint: "A threshold for groups by themselves.",
    },
    Limit {
        name: "draft[settings][limits][contact_threshold]",
        field: CONTACT_THRESHOLD,
        label: "Contacts",
        hint: "A threshold for contacts by themselves.",
    },
    Limit {
        name: "draft[settings][limits][lost_members_threshold]",
        field: LOST_MEMBERS_THRESHOLD,
        label: "Members that one group loses",
        hint: "Without a limit, memberships go as they go in the directory.",
    },
    Limit {
        name: "draft[settings][limits][lost_members_percentage]",
        field: LOST_MEMBERS_PERCENTAGE,
        label: "Share of a group's members (%)",
        hint: "The same, as a share of the members that the group has.",
    },
];

fn limits_of(limits: Option<LimitsDraft>) -> [String; LIMITS.len()] {
    let LimitsDraft {
        deletion_percentage,
        user_threshold,
        group_threshold,
        contact_threshold,
        lost_members_threshold,
        lost_members_percentage,
    } = limits.unwrap_or_default();
    [
        deletion_percentage,
        user_threshold,
        group_threshold,
        contact_threshold,
        lost_members_threshold,
        lost_members_percentage,
    ]
}

fn limits_draft(limits: [String; LIMITS.len()]) -> LimitsDraft {
    let [
        deletion_percentage,
        user_threshold,
        group_threshold,
        contact_threshold,
        lost_members_threshold,
        lost_members_percentage,
    ] = limits;
    LimitsDraft {
        deletion_percentage,
        user_threshold,
        group_threshold,
        contact_threshold,
        lost_members_threshold,
        lost_members_percentage,
    }
}

fn settings_of(details: &ConfigurationDetails) -> SettingsDraft {
    let configuration = &details.configuration;
    SettingsDraft::from(&Settings {
        notification_emails: configuration.notification_emails.clone(),
        deletion_protection: configuration.deletion_protection,
        keeps_limits: false,
        password_hash_sync: configuration.password_hash_sync,
        deployment: configuration.deployment,
    })
}

fn on_or_off(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}

fn or_none(text: &str) -> &str {
    if text.trim().is_empty() {
        "none"
    } else {
        text.trim()
    }
}
