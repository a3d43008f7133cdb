//! One cycle's decisions: what is to be done, and may it be done.
