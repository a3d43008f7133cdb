//! Messages to bytes and back, with limits: what a directory sends is not trusted to be small,
//! flat, or LDAP at all.

use std::io;

use ldap3_lber::structure::{PL, StructureTag};
use ldap3_proto::{LdapCodec, LdapMsg};
use tokio_util::{
    bytes::BytesMut,
    codec::{Decoder, Encoder},
};

use super::filter::Filter;

/// The greatest message that is taken. A group of half a million members needs forty megabytes.
const GREATEST_MESSAGE: usize = 64 * 1024 * 1024;
/// A search result nests six levels deep; the rest is for controls.
const GREATEST_DEPTH: usize = 24;

pub(super) struct Codec {
    messages: LdapCodec,
}

#[derive(Debug)]
pub(super) enum CodecError {
    Io(io::Error),
    TooLarge,
    Malformed,
    /// The other side began a TLS record.
    Tls,
}

impl From<io::Error> for CodecError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Default for Codec {
    fn default() -> Self {
        Self {
            messages: LdapCodec::new(Some(GREATEST_MESSAGE), Some(GREATEST_DEPTH)),
        }
    }
}

impl Decoder for Codec {
    type Item = LdapMsg;
    type Error = CodecError;

    fn decode(&mut self, bytes: &mut BytesMut) -> Result<Option<LdapMsg>, CodecError> {
        match bytes.first() {
            None => return Ok(None),
            Some(0x30) => {}
            Some(0x15 | 0x16) => return Err(CodecError::Tls),
            Some(_) => return Err(CodecError::Malformed),
        }
        if announced_length(bytes).is_some_and(|length| length > GREATEST_MESSAGE) {
            return Err(CodecError::TooLarge);
        }
        self.messages
            .decode(bytes)
            .map_err(|error| match error.kind() {
                io::ErrorKind::OutOfMemory => CodecError::TooLarge,
                _ => CodecError::Malformed,
            })
    }
}

/// How long the message that begins here says it is. Read beforehand, so that a message that is
/// never going to be taken is not waited for.
fn announced_length(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some(first.into());
    }
    let octets = bytes.get(2..2 + usize::from(first & 0x7f))?;
    Some(octets.iter().fold(0_usize, |length, octet| {
        length.saturating_mul(256).saturating_add((*octet).into())
    }))
}

/// What is sent: a message, and for a search its filter.
pub(super) struct Outgoing {
    pub(super) message: LdapMsg,
    pub(super) filter: Option<Filter>,
}

impl Encoder<Outgoing> for Codec {
    type Error = CodecError;

    fn encode(&mut self, outgoing: Outgoing, bytes: &mut BytesMut) -> Result<(), CodecError> {
        let mut tag: StructureTag = outgoing.message.into();
        if let (Some(filter), Some(place)) = (outgoing.filter, place_of_filter(&mut tag)) {
            *place = filter.into_ber();
        }
        ldap3_lber::write::encode_into(bytes, tag)?;
        Ok(())
    }
}

/// Where a search request keeps its filter. The library's own filters hold only text, so it is
/// put in here.
fn place_of_filter(message: &mut StructureTag) -> Option<&mut StructureTag> {
    const OPERATION: usize = 1;
    const FILTER: usize = 6;
    let operation = part(message, OPERATION)?;
    part(operation, FILTER)
}

fn part(tag: &mut StructureTag, index: usize) -> Option<&mut StructureTag> {
    match &mut tag.payload {
        PL::C(parts) => parts.get_mut(index),
        PL::P(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> Result<Option<LdapMsg>, CodecError> {
        Codec::default().decode(&mut BytesMut::from(bytes))
    }

    #[test]
    fn a_message_that_announces_too_much_is_refused_before_it_arrives() {
        assert!(matches!(
            decode(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x02]),
            Err(CodecError::TooLarge)
        ));
        assert!(matches!(
            decode(&[0x30, 0x8a, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
            Err(CodecError::TooLarge)
        ));
        assert!(matches!(decode(&[0x30, 0x82, 0x01]), Ok(None)));
    }

    #[test]
    fn what_is_not_ldap_is_told_from_tls() {
        assert!(matches!(
            decode(b"HTTP/1.1 400"),
            Err(CodecError::Malformed)
        ));
        assert!(matches!(decode(&[0x15, 3, 3, 0, 2]), Err(CodecError::Tls)));
        assert!(matches!(
            decode(&[0x30, 0x03, 0x02, 0x01, 0x01]),
            Err(CodecError::Malformed)
        ));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let mut bytes = vec![0x30, 0x00];
        for _ in 0..60 {
            let length = u8::try_from(bytes.len()).unwrap();
            bytes.splice(0..0, [0x30, length]);
        }
        assert!(matches!(decode(&bytes), Err(CodecError::Malformed)));
    }
}
