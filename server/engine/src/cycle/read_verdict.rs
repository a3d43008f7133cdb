//! Was the reading complete and plausible? Only then does absence mean deletion.
//!
//! The worst accidents in this field are failed readings taken for "everyone left": an error in
//! mid-read, a size limit, an empty answer. None of them may delete anybody.

/// What is known when a reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// The directory said that this was all. False when the connection broke, the directory
    /// answered with an error, or the answer just stopped.
    pub ended: bool,
    /// Every object was asked for, changed or not.
    pub names_every_object: bool,
    /// How many objects were named.
    pub named: u64,
    /// How many objects were known before.
    pub known_before: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadVerdict {
    /// Who was not named is gone.
    AbsenceMeansDeletion,
    /// What was named can be used; what was not named says nothing.
    OnlyWhatWasNamed,
    /// Nothing follows from it; the cycle ends here. The sentence is for people.
    Unusable(&'static str),
}

pub fn judge(read: Read) -> ReadVerdict {
    if !read.ended {
        return ReadVerdict::Unusable(
            "The reading was cut short, so nothing was concluded from what is missing.",
        );
    }
    if !read.names_every_object {
        return ReadVerdict::OnlyWhatWasNamed;
    }
    if read.named == 0 && read.known_before > 0 {
        return ReadVerdict::Unusable(
            "The directory answered without a single object although it had some before. That is \
             taken for a fault of the directory or of the account's rights, not for deletions.",
        );
    }
    ReadVerdict::AbsenceMeansDeletion
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Read = Read {
        ended: true,
        names_every_object: true,
        named: 9,
        known_before: 10,
    };

    #[test]
    fn absence_counts_after_a_complete_and_plausible_reading_only() {
        assert_eq!(judge(WHOLE), ReadVerdict::AbsenceMeansDeletion);
        assert_eq!(
            judge(Read {
                names_every_object: false,
                ..WHOLE
            }),
            ReadVerdict::OnlyWhatWasNamed
        );
    }

    #[test]
    fn a_cut_or_empty_reading_deletes_nobody() {
        assert!(matches!(
            judge(Read {
                ended: false,
                ..WHOLE
            }),
            ReadVerdict::Unusable(_)
        ));
        assert!(matches!(
            judge(Read { named: 0, ..WHOLE }),
            ReadVerdict::Unusable(_)
        ));
    }

    #[test]
    fn an_empty_directory_is_plausible_where_nothing_was_known() {
        let first = Read {
            named: 0,
            known_before: 0,
            ..WHOLE
        };
        assert_eq!(judge(first), ReadVerdict::AbsenceMeansDeletion);
    }
}
