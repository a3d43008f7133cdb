//! Names from Azure AD Connect sync, the sibling of cloud sync, whose language is nearly the same.

/// Functions of Azure AD Connect sync that authors may expect, and what to write here.
const OF_CONNECT_SYNC: [(&str, &str); 33] = [
    ("BitOr", ""),
    ("CGuid", ""),
    ("CNum", "numbers in text are read as numbers"),
    ("ConvertFromUTF8Hex", ""),
    ("DNComponentRev", "use DNComponent"),
    ("EscapeDNComponent", ""),
    ("InStrRev", "use InStr or Replace with a pattern"),
    ("IsBitSet", "use BitAnd"),
    ("IsDate", ""),
    ("IsEmpty", "use IsNullOrEmpty"),
    ("IsGuid", ""),
    ("IsNumeric", ""),
    ("ItemOrNull", "use Item"),
    ("LCase", "use ToLower"),
    ("Len", ""),
    ("LTrim", "use Trim"),
    ("PadLeft", ""),
    ("PadRight", ""),
    ("RandomNum", "use RandomString"),
    ("ReplaceChars", "use Replace with a pattern"),
    ("Right", "use Mid or Replace with a pattern"),
    ("RTrim", "use Trim"),
    ("Select", ""),
    ("StringFromGuid", ""),
    ("UCase", "use ToUpper"),
    ("Where", ""),
    ("With", ""),
    ("CertFormat", ""),
    ("CertIssuer", ""),
    ("CertSubject", ""),
    ("CertThumbprint", ""),
    ("CertVersion", ""),
    ("IsCert", ""),
];

/// Why a function's name is refused.
pub(super) fn unknown_function_message(name: &str) -> String {
    let known = OF_CONNECT_SYNC
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    match known {
        Some((known, "")) => format!("The function {known} is not available in cloud sync."),
        Some((known, instead)) => {
            format!("The function {known} is not available in cloud sync; {instead}.")
        }
        None => format!("There is no function {name}."),
    }
}
