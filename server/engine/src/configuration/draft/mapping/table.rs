//! The mapping table as a whole: rows are added, edited and deleted, and all are looked at.

use super::{MappingDraft, TARGET};
use crate::{
    configuration::{
        AttributeMapping, DirectoryExtension, Mappings,
        defaults::{self, Dialect},
        draft::FieldError,
        schema::{self, AttributeType},
    },
    directory::{AttributeName, ObjectKind},
};

/// The mappings with one more.
pub fn add(
    mappings: &Mappings,
    extensions: &[DirectoryExtension],
    draft: &MappingDraft,
) -> Result<Mappings, Vec<FieldError>> {
    put(mappings, draft.kind, None, draft.validate(extensions)?)
}

/// The mappings with another row in the place of that of `target`.
pub fn edit(
    mappings: &Mappings,
    extensions: &[DirectoryExtension],
    target: &AttributeName,
    draft: &MappingDraft,
) -> Result<Mappings, Vec<FieldError>> {
    put(
        mappings,
        draft.kind,
        Some(target),
        draft.validate(extensions)?,
    )
}

/// The mappings with a row that was looked at already: a new one, or one in the place of that of
/// `target`. Knows nothing of expressions, so that a browser can do it without their evaluator.
pub fn put(
    mappings: &Mappings,
    kind: ObjectKind,
    target: Option<&AttributeName>,
    row: AttributeMapping,
) -> Result<Mappings, Vec<FieldError>> {
    if target != Some(&row.target) {
        if let Some(target) = target {
            refuse_loss(kind, target).map_err(|error| vec![error])?;
        }
        refuse_second(mappings, kind, &row)?;
    }
    let mut mappings = mappings.clone();
    let rows = mappings.entry(kind).or_default();
    let Some(target) = target else {
        rows.push(row);
        return Ok(mappings);
    };
    match rows.iter_mut().find(|own| own.target == *target) {
        Some(old) => *old = row,
        None => return Err(vec![unmapped(target)]),
    }
    Ok(mappings)
}

/// The mappings without that of `target`.
pub fn delete(
    mappings: &Mappings,
    kind: ObjectKind,
    target: &AttributeName,
) -> Result<Mappings, FieldError> {
    refuse_loss(kind, target)?;
    let mut mappings = mappings.clone();
    let rows = mappings.entry(kind).or_default();
    let before = rows.len();
    rows.retain(|row| row.target != *target);
    if rows.len() == before {
        return Err(unmapped(target));
    }
    Ok(mappings)
}

/// What a new configuration would begin with.
pub fn restore_defaults(dialect: Dialect) -> Mappings {
    defaults::mappings(dialect)
}

fn unmapped(target: &AttributeName) -> FieldError {
    FieldError::new(TARGET, format!("{target} has no mapping."))
}

fn refuse_loss(kind: ObjectKind, target: &AttributeName) -> Result<(), FieldError> {
    match schema::target_attribute(kind, target) {
        Some(known) if known.required => Err(FieldError::new(
            TARGET,
            format!("{} is required: its mapping cannot be deleted.", known.name),
        )),
        _ => Ok(()),
    }
}

fn refuse_second(
    mappings: &Mappings,
    kind: ObjectKind,
    new: &AttributeMapping,
) -> Result<(), Vec<FieldError>> {
    let mut rows = mappings.get(&kind).into_iter().flatten();
    if rows.any(|row| row.target == new.target) {
        let message = format!("{} has a mapping already. Edit that one.", new.target);
        return Err(vec![FieldError::new(TARGET, message)]);
    }
    Ok(())
}

/// The mappings as they are stored, every name in the spelling of the schema. A field of a refusal
/// reads `user.DisplayName.target`.
pub fn validated(
    mappings: &Mappings,
    extensions: &[DirectoryExtension],
) -> Result<Mappings, Vec<FieldError>> {
    let errors = problems(mappings, extensions);
    if !errors.is_empty() {
        return Err(errors);
    }
    let rows = |(kind, rows): (&ObjectKind, &Vec<AttributeMapping>)| {
        let rows = rows.iter().map(|row| MappingDraft::of(*kind, row));
        let rows: Result<_, _> = rows.map(|draft| draft.validate(extensions)).collect();
        rows.map(|rows| (*kind, rows))
    };
    mappings.iter().map(rows).collect()
}

/// Everything that keeps the mappings from being stored.
fn problems(mappings: &Mappings, extensions: &[DirectoryExtension]) -> Vec<FieldError> {
    let mut errors = extension_problems(extensions);
    for kind in ObjectKind::ALL {
        let rows = mappings.get(&kind).map_or(&[][..], Vec::as_slice);
        for (place, row) in rows.iter().enumerate() {
            let at = |error: FieldError| FieldError {
                field: format!("{kind}.{}.{}", row.target, error.field),
                ..error
            };
            if let Err(found) = MappingDraft::of(kind, row).validate(extensions) {
                errors.extend(found.into_iter().map(at));
            }
            if rows[..place]
                .iter()
                .any(|earlier| earlier.target == row.target)
            {
                let message = format!("{} is mapped twice.", row.target);
                errors.push(at(FieldError::new(TARGET, message)));
            }
        }
        errors.extend(missing(kind, rows));
    }
    errors
}

fn missing(kind: ObjectKind, rows: &[AttributeMapping]) -> impl Iterator<Item = FieldError> {
    let required = schema::target_attributes(kind)
        .iter()
        .filter(|attribute| attribute.required);
    required
        .filter(|attribute| !rows.iter().any(|row| row.target == attribute.name.into()))
        .map(move |attribute| {
            FieldError::new(
                &format!("{kind}.{}.{TARGET}", attribute.name),
                format!("{} is required and has no mapping.", attribute.name),
            )
        })
}

fn extension_problems(extensions: &[DirectoryExtension]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (place, extension) in extensions.iter().enumerate() {
        let name = extension.name.as_str();
        let mut refuse =
            |message| errors.push(FieldError::new(&format!("extension.{name}"), message));
        let is_same = |other: &DirectoryExtension| other.name.as_str().eq_ignore_ascii_case(name);
        if extensions[..place].iter().any(is_same) {
            refuse(format!(
                "{name} is defined twice, or differs from another one in case only."
            ));
        }
        if extension.kinds.is_empty() {
            refuse(format!("{name} needs a kind of object that can have it."));
        }
        if extension.attribute_type == AttributeType::Reference {
            refuse(format!("{name} cannot be a reference."));
        }
    }
    errors
}
