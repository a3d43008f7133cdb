//! Reads the directory into `source_objects`, marking what is to be evaluated. Touches nothing
//! else, so that a reading that fails in the middle does no harm.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use connectors::{
    Cursor, Observation, ReadEnd, ReadEvent, ReadRequest, Reading, Skipped, SourceError,
};
use engine::{
    configuration::{Scope, schema},
    cycle::plan::ScopeDoubt,
    cycle::read_verdict::{self, Read, ReadVerdict},
    directory::{AttributeName, AttributeValue, ObjectReference, SourceAnchor, SourceObject},
    records::CyclePhase,
};

use tracing::warn;

use super::{
    Cycle, PAGE, Purpose, Stopped,
    membership::{self, Reach},
    scope_names::{KnownNames, ScopeNames},
    store::{self, Absence},
};

impl From<SourceError> for Stopped {
    fn from(error: SourceError) -> Self {
        let needs_a_person = matches!(
            error,
            SourceError::BadCredentials { .. }
                | SourceError::AccessDenied { .. }
                | SourceError::Untrusted { .. }
                | SourceError::BadSettings { .. }
                | SourceError::BaseNotFound { .. }
                | SourceError::SizeLimitExceeded { .. }
                | SourceError::TimeLimitExceeded { .. }
        );
        Self::Source {
            message: error.to_string(),
            needs_a_person,
        }
    }
}

/// One object as it is stored: its references apart from its other attributes.
pub(super) struct Seen {
    pub(super) object: SourceObject,
    /// Attribute in lower case → keys of the objects it names.
    pub(super) references: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    pub(super) fn new(mut object: SourceObject) -> Self {
        let names: Vec<AttributeName> = object
            .attributes
            .iter()
            .map(|(name, _)| name)
            .filter(|name| schema::is_source_reference(name))
            .cloned()
            .collect();
        let mut references = BTreeMap::new();
        for name in names {
            let values = object.attributes.remove(&name).unwrap_or_default();
            let keys: BTreeSet<String> = values.iter().filter_map(key_of).collect();
            references.insert(name.as_str().to_ascii_lowercase(), keys);
        }
        Self { object, references }
    }
}

/// PostgreSQL keeps no text with a NUL character in it, and nobody means one: such a value costs
/// itself, not the whole reading.
fn leave_out_what_no_database_holds(object: &mut SourceObject, left_out: &mut Skipped) {
    let has_nul = |value: &AttributeValue| value.as_text().is_some_and(|text| text.contains('\0'));
    let names: Vec<AttributeName> = object
        .attributes
        .iter()
        .filter(|(_, values)| values.iter().any(has_nul))
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let mut values = object.attributes.remove(&name).unwrap_or_default();
        values.retain(|value| !has_nul(value));
        left_out.add(|| format!("{name} of {}.", object.dn));
        object.attributes.set(name, values);
    }
}

/// A reference that is not a name can never be resolved, so it is left out.
pub(super) fn key_of(value: &AttributeValue) -> Option<String> {
    Some(ObjectReference::parse(value.as_text()?).ok()?.key())
}

impl Cycle<'_> {
    /// Ends with an error unless the reading was complete as far as it was meant to go.
    pub(super) async fn observe(&mut self) -> Result<(), Stopped> {
        self.enter(CyclePhase::Reading);
        let chosen = self.configuration.scope.clone();
        let names = self.follow_scope(&chosen).await?;
        let reach = self.load_reach().await?;
        let mirror_was_empty =
            store::known_objects(self.backend, self.configuration.id).await? == 0;
        let request = self.request();
        let reading = match self.directory.source.read(request).await {
            // The bookmark is of no use any more: read everything, without evaluating all again.
            Err(SourceError::CursorRejected) => {
                self.directory.source.read(ReadRequest::Everything).await?
            }
            other => other?,
        };
        let names_every_object = reading.names_every_object;
        self.reads_everything = reading.names_every_object;
        if reading.expected_objects.is_some() {
            self.progress.objects_expected = reading.expected_objects;
        }
        let mut end = self.consume(reading, &reach, mirror_was_empty).await?;
        if std::mem::take(&mut self.lists_unknown) {
            end = self.read_unknown(&reach).await?;
        }
        let identities = std::mem::take(&mut self.identities);
        let values = std::mem::take(&mut self.values_left_out);
        self.note_left_out(&end.skipped, &identities.doubles, &values);
        self.see_doubles(&identities.names_of_doubles).await?;
        // What the reading could not take is there all the same, so its absence says nothing.
        let absence_can_count = names_every_object && end.absence_means_deletion();
        self.conclude(end, absence_can_count, mirror_was_empty)
            .await?;
        self.see_that_scope_stayed(&chosen, &names).await?;
        self.follow_nested_groups(&reach).await
    }

    /// Goes on with the names that the scope's groups and organizational units have now.
    pub(super) async fn follow_scope(&mut self, chosen: &Scope) -> Result<ScopeNames, Stopped> {
        let id = self.configuration.id;
        let known = KnownNames::load(self.backend, id).await?;
        let names = ScopeNames::locate(&*self.directory.source, chosen, &known).await?;
        if !names.are_known(&known) {
            let mut write = self.write().await?;
            names.keep(&mut write, id, &known).await?;
            self.commit(write).await?;
        }
        self.configuration.scope = names.apply_to(chosen);
        self.scope_doubt = names.doubt();
        Ok(names)
    }

    /// What was renamed while it was read is not where the reading found the objects in it.
    async fn see_that_scope_stayed(
        &mut self,
        chosen: &Scope,
        before: &ScopeNames,
    ) -> Result<(), Stopped> {
        let known = KnownNames::load(self.backend, self.configuration.id).await?;
        let after = ScopeNames::locate(&*self.directory.source, chosen, &known).await?;
        if after != *before {
            self.scope_doubt = Some(ScopeDoubt::Moved);
        } else if self.purpose == Purpose::Cycle {
            self.store_renamed_scope(&after).await?;
        }
        if let Some(warning) = self.scope_doubt.as_ref().and_then(ScopeDoubt::warning) {
            self.say(&warning);
        }
        Ok(())
    }

    async fn store_renamed_scope(&mut self, names: &ScopeNames) -> Result<(), Stopped> {
        if !names.are_renamed() {
            return Ok(());
        }
        let mut write = self.write().await?;
        let id = self.configuration.id;
        names.follow(self.backend, &mut write, id).await?;
        self.commit(write).await
    }

    /// Adds a sentence to what the reading told.
    fn say(&mut self, sentence: &str) {
        warn!(configuration.id = %self.configuration.id, "{sentence}");
        let said = self.directory_said.take().flatten();
        let said = said.map_or_else(|| sentence.to_owned(), |said| format!("{said} {sentence}"));
        self.directory_said = Some(Some(said));
    }

    /// Which groups count; writes nothing.
    async fn load_reach(&self) -> Result<Reach, Stopped> {
        if self.configuration.scope.groups().is_empty() {
            return Ok(Reach::default());
        }
        let mut write = self.write().await?;
        Ok(Reach::load(&mut write, &self.configuration).await?)
    }

    /// When nested groups came or went, their members are evaluated again.
    async fn follow_nested_groups(&mut self, before: &Reach) -> Result<(), Stopped> {
        if self.configuration.scope.groups().is_empty() {
            self.reach = Some(Reach::default());
            return Ok(());
        }
        let mut write = self.write().await?;
        let reach = Reach::load(&mut write, &self.configuration).await?;
        let changed = reach.changed_since(before);
        membership::mark_members(&mut write, self.configuration.id, &changed).await?;
        self.commit(write).await?;
        self.reach = Some(reach);
        Ok(())
    }

    pub(super) fn request(&self) -> ReadRequest {
        // A preview looks at what is there; a restart that was asked for stays asked for.
        let is_restart = self.before.restarts_requested > 0 && self.purpose == Purpose::Cycle;
        match &self.before.cursor {
            Some(cursor) if !is_restart => ReadRequest::Changes {
                since: Cursor(cursor.clone()),
                detect_absence: self.absence_check_is_due(),
            },
            _ => ReadRequest::Everything,
        }
    }

    /// A directory that reports its deletions is asked once more after a reading of everything in
    /// which absence meant nothing: it reports only what happened since.
    fn absence_check_is_due(&self) -> bool {
        let Some(checked) = self.before.absence_checked_at else {
            return true;
        };
        let interval = self.backend.settings.absence_interval;
        !self.directory.source.capabilities().reports_deletions
            && (self.purpose != Purpose::Cycle || self.backend.now().since(checked) >= interval)
    }

    async fn consume(
        &mut self,
        mut reading: Reading,
        reach: &Reach,
        mirror_was_empty: bool,
    ) -> Result<ReadEnd, Stopped> {
        loop {
            match self.next_event(&mut reading).await? {
                Some(ReadEvent::Page(observations)) => {
                    let mut observations = observations.into_iter().peekable();
                    while observations.peek().is_some() {
                        let page = observations.by_ref().take(PAGE).collect();
                        self.store_page(page, reach, mirror_was_empty).await?;
                    }
                }
                Some(ReadEvent::End(end)) => return Ok(end),
                None => {
                    return Err(Stopped::Source {
                        message: "The reading stopped in the middle, without an end. Nothing was \
                                  concluded from it; it is tried again."
                            .to_owned(),
                        needs_a_person: false,
                    });
                }
            }
        }
    }

    /// The directory lists objects that no reading of changes ever brought: they became visible to the
    /// bind account, or were replicated with a mark from the past. Everything is read at once, because
    /// a request for each could be thousands.
    async fn read_unknown(&mut self, reach: &Reach) -> Result<ReadEnd, Stopped> {
        let reading = self.directory.source.read(ReadRequest::Everything).await?;
        self.consume(reading, reach, false).await
    }

    /// Waits for the directory, and keeps the lease alive meanwhile.
    async fn next_event(&mut self, reading: &mut Reading) -> Result<Option<ReadEvent>, Stopped> {
        loop {
            tokio::select! {
                event = reading.events.recv() => return Ok(event.transpose()?),
                () = self.stop.asked_for() => return Err(Stopped::ServerStops),
                () = tokio::time::sleep(super::LEASE / 3) => {
                    let write = self.write().await?;
                    self.commit(write).await?;
                }
            }
        }
    }

    /// Objects that cannot be read, or be told apart, are never passed over in silence.
    fn note_left_out(&mut self, skipped: &Skipped, doubles: &Skipped, values: &Skipped) {
        let unread = (skipped.count > 0).then(|| {
            format!(
                "{} objects could not be read, so nobody is taken for deleted until they can. {}",
                skipped.count,
                skipped.examples.join(" ")
            )
        });
        let alike = (doubles.count > 0).then(|| {
            format!(
                "{} entries carry the source anchor of another one and are left out. {}",
                doubles.count,
                doubles.examples.join(" ")
            )
        });
        let values = (values.count > 0).then(|| {
            format!(
                "{} values hold a NUL character and are left out. {}",
                values.count,
                values.examples.join(" ")
            )
        });
        let sentences: Vec<String> = unread.into_iter().chain(alike).chain(values).collect();
        if sentences.is_empty() {
            return;
        }
        self.say(&sentences.join(" "));
    }

    /// The doubt about an anchor is about that anchor alone. Objects that were known by the names of
    /// the entries that were left out are not gone: their entries are there.
    async fn see_doubles(&mut self, names: &[String]) -> Result<(), Stopped> {
        if names.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        store::see_by_name(&mut write, self.configuration.id, self.id, names).await?;
        self.commit(write).await
    }

    async fn store_page(
        &mut self,
        observations: Vec<Observation>,
        reach: &Reach,
        mirror_was_empty: bool,
    ) -> Result<(), Stopped> {
        let mut seen = HashMap::new();
        let (mut unchanged, mut gone) = (Vec::new(), Vec::new());
        let count = observations.len() as u64;
        for observation in observations {
            match observation {
                Observation::Present(object)
                    if self.reads_everything && !self.identities.admit(&object) => {}
                Observation::Present(mut object) => {
                    leave_out_what_no_database_holds(&mut object, &mut self.values_left_out);
                    // The last word about an object counts, if a page names it twice.
                    seen.insert(object.anchor.clone(), Seen::new(object));
                }
                Observation::Unchanged(anchor) => unchanged.push(anchor),
                Observation::Gone(anchor) => {
                    seen.remove(&anchor);
                    gone.push(anchor);
                }
            }
        }
        let seen: Vec<Seen> = seen.into_values().collect();
        let mut write = self.write().await?;
        let target = store::Mirror {
            configuration: self.configuration.id,
            reading: self.id,
            reach,
        };
        target
            .store_present(&mut write, &seen, mirror_was_empty)
            .await?;
        target.store_unchanged(&mut write, &unchanged).await?;
        self.lists_unknown |= !target.knows_all(&mut write, &unchanged).await?;
        target.store_gone(&mut write, &gone).await?;
        self.progress.objects_read += count;
        self.counts.read += count;
        self.commit(write).await
    }

    /// One transaction: who is gone, the bookmark, and what a restart asked for.
    async fn conclude(
        &mut self,
        end: ReadEnd,
        absence_can_count: bool,
        mirror_was_empty: bool,
    ) -> Result<(), Stopped> {
        let configuration = self.configuration.id;
        let known = store::known_objects(self.backend, configuration).await?;
        let read = Read {
            ended: true,
            names_every_object: absence_can_count,
            named: self.counts.read,
            known_before: known,
        };
        let absence_counts = match read_verdict::judge(read) {
            ReadVerdict::AbsenceMeansDeletion => true,
            ReadVerdict::OnlyWhatWasNamed => false,
            ReadVerdict::Unusable(message) => {
                return Err(Stopped::Source {
                    message: message.to_owned(),
                    needs_a_person: false,
                });
            }
        };
        let mut write = self.write().await?;
        if absence_counts {
            store::mark_absent_as_gone(&mut write, configuration, self.id).await?;
        }
        if self.before.restarts_requested > 0 && self.purpose == Purpose::Cycle {
            store::mark_all(&mut write, configuration).await?;
            let restarts = std::mem::take(&mut self.before.restarts_requested);
            store::settle_restarts(&mut write, configuration, restarts).await?;
        }
        // Where nobody was known, nobody can have left.
        let absence = match (absence_counts || mirror_was_empty, self.reads_everything) {
            (true, true) => Absence::Counted {
                at: self.backend.now(),
                objects: self.counts.read,
            },
            (false, true) => Absence::Owed,
            (_, false) => Absence::NotAskedFor,
        };
        store::save_cursor(&mut write, configuration, &end.cursor, absence).await?;
        self.commit(write).await
    }
}

/// For look-ups by anchor.
pub(super) fn anchors(seen: &[Seen]) -> Vec<&SourceAnchor> {
    seen.iter().map(|seen| &seen.object.anchor).collect()
}
