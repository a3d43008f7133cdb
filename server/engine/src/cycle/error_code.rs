//! Every code by which something that went wrong is named, with its cause and what helps.
//!
//! Source: the error catalogues of the original (behaviour of the original, part 6), in our words.
//! The last three codes are ours, for what the catalogues do not name.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! error_codes {
    ($($code:ident: $cause:literal, $advice:literal;)*) => {
        /// A code as the provisioning log shows it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $(#[doc = $cause] $code,)*
        }

        impl ErrorCode {
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// What happened, in one sentence.
            pub fn cause(self) -> &'static str {
                match self {
                    $(Self::$code => $cause,)*
                }
            }

            /// What helps, in one or two sentences.
            pub fn advice(self) -> &'static str {
                match self {
                    $(Self::$code => $advice,)*
                }
            }
        }
    };
}

error_codes! {
    // Whole jobs.
    TimeOut: "No agent answered within ten minutes.",
        "Check that the agent runs and that its way to the service is open.";
    HybridSynchronizationActiveDirectoryInternalServerError:
        "The request could not be turned into a search of the directory.",
        "Read the directory's answer in the detail of the cycle.";
    HybridIdentityServiceNoAgentsAssigned: "No agent serves the domain.",
        "Connect the directory again.";
    HybridIdentityServiceNoActiveAgents: "Agents serve the domain, but none of them is running.",
        "Start the agent's service and open its way out.";
    HybridIdentityServiceInvalidResource: "The request names no directory.",
        "Connect the directory again, then restart the configuration.";
    HybridIdentityServiceAgentSignalingError: "The agent cannot be reached.",
        "Wait for the agent; it is tried again by itself.";
    AzureDirectoryServiceServerBusy: "The tenant is busy.",
        "Nothing: it is tried again by itself.";
    AzureActiveDirectoryInvalidCredential:
        "The tenant does not know the account that synchronizes.",
        "Repair the synchronization account.";
    AzureActiveDirectoryExpiredCredentials:
        "The password of the account that synchronizes has expired.",
        "Repair the synchronization account.";
    AzureActiveDirectoryAuthenticationFailed: "The tenant refused the sign-in.",
        "Repair the synchronization account.";
    // Single objects.
    Conflict: "A value clashes with that of another object.",
        "Correct the value; if the other object was meant to be taken over, look at the matching \
         attributes.";
    EntryConflict: "The object clashes with another one.",
        "Correct the value; if the other object was meant to be taken over, look at the matching \
         attributes.";
    TooManyRequests: "The target takes no more requests for the moment.",
        "Nothing: it is tried again by itself.";
    InternalServerError: "The target failed unexpectedly.",
        "Nothing: it is tried again by itself.";
    InsufficientRights: "The service may not do this in the target.",
        "Give the service the rights that the target asks for.";
    MethodNotAllowed: "The target does not allow this request.",
        "Give the service the rights that the target asks for.";
    NotPermitted: "The target does not permit this request.",
        "Give the service the rights that the target asks for.";
    Unauthorized: "The target does not accept the credentials.",
        "Enter valid credentials of the target.";
    UnprocessableEntity: "The target could not process the request.",
        "Check the settings of the target.";
    WebExceptionProtocolError: "The target's answer breaks the protocol.",
        "Nothing: it is tried again by itself.";
    InvalidAnchor: "The object that the link names is gone from the target.",
        "Bring it back, or restart with the links cleared.";
    NotImplemented: "The target does not know this request.",
        "Check the settings of the target.";
    MandatoryFieldsMissing: "A value without which the object cannot be created is missing.",
        "Fill the attribute in the directory, or change its attribute mapping.";
    MissingValues: "Values that the target requires are missing.",
        "Fill the attributes in the directory, or change their attribute mappings.";
    SchemaAttributeNotFound: "A mapped attribute does not exist in the target.",
        "Correct the attribute mapping.";
    InternalError: "The engine failed on this object.",
        "Nothing: it is tried again by itself. The server's log says more.";
    InvalidDomain: "The domain part of a value is not allowed in the tenant.",
        "Change the value, or verify the domain in the tenant.";
    Timeout: "The target took too long.",
        "Nothing: it is tried again by itself.";
    LicenseLimitExceeded: "The target has no licence left.",
        "Free or buy licences, or narrow the scope.";
    DuplicateTargetEntries: "Several objects of the target match.",
        "Remove the double objects, or match by another attribute.";
    DuplicateSourceEntries: "Several objects of the source match one object of the target.",
        "Let one object only have the value: change it in the directory, or narrow one of the \
         scopes.";
    ImportSkipped: "The matching attribute is empty in the source.",
        "Fill it in the directory, or match by another attribute.";
    EntrySynchronizationSkipped: "There is nothing to do for the object.",
        "Nothing, unless the object should be synchronized: then look at the scoping filter.";
    SystemForCrossDomainIdentityManagementMultipleEntriesInResponse:
        "One object was asked for and several came.",
        "Correct the SCIM service.";
    SystemForCrossDomainIdentityManagementServiceIncompatible:
        "The SCIM service's answer cannot be read.",
        "Correct the SCIM service.";
    SchemaPropertyCanOnlyAcceptValue: "Several values came for an attribute that takes one.",
        "Map a single value, for example with Item or Join.";
    // Between tenants.
    AzureActiveDirectoryCannotUpdateObjectsOriginatedInExternalService:
        "The attribute belongs to another service of the cloud.",
        "Change it there.";
    AzureDirectoryB2BManagementPolicyCheckFailure:
        "One of the two tenants does not redeem invitations by itself.",
        "Switch automatic redemption on in both tenants.";
    AzureActiveDirectoryQuotaLimitExceeded: "The tenant may not hold more objects.",
        "Raise the quota, or narrow the scope.";
    InvitationCreationFailure: "The guest could not be invited.",
        "Look at the invitation settings of the tenant.";
    InvitationCreationFailureUserAccountDisabled:
        "The invited account is disabled while its invitation waits.",
        "Enable the account.";
    AzureActiveDirectoryForbidden: "The tenant allows no invitations to this domain.",
        "Allow them in the tenant's settings for external collaboration.";
    InvitationCreationFailureInvalidPropertyValue: "A value of the invitation is not valid.",
        "Correct the mail address or the user type.";
    InvitationCreationFailureAmbiguousUser:
        "The invited address belongs to a user of the tenant.",
        "Remove the address from one of them.";
    AzureActiveDirectoryCannotUpdateObjectsMasteredOnPremises:
        "The object is managed on-premises.",
        "Change it there.";
    EntityTypeNotSupported: "Objects of this kind cannot be synchronized here.",
        "Choose a user.";
    // Writing to the tenant.
    InvalidHardMatch:
        "An object of the cloud has the same source anchor, and taking it over is blocked.",
        "Lift the block for the time of matching.";
    InvalidSoftMatch:
        "An object of the tenant has the same name or address and cannot be taken over.",
        "Remove the double value from one of the two, or lift the block on soft matching.";
    ObjectTypeMismatch: "The name or address belongs to an object of another kind.",
        "Remove the name from the tenant object, or give the directory object another one.";
    AttributeValueMustBeUnique: "Another object of the tenant has the same value.",
        "Give one of the two objects another value in the directory. The object is tried again by \
         itself.";
    IdentityDataValidationFailed: "The user principal name has a form that is not allowed.",
        "Correct the name in the directory: letters, digits and . _ - before one @, then a domain \
         name.";
    DeletionAccessViolation: "The object is managed in the cloud, so it is not deleted from here.",
        "Delete it in the tenant if it is to go.";
    PasswordAccessViolation: "The user is managed in the cloud, so its password is kept there.",
        "Change the password in the tenant.";
    LargeObject: "The object is too large.",
        "Remove values, for example certificates or proxy addresses.";
    ExceededAllowedLength: "A value is longer than the tenant allows.",
        "Shorten the value in the directory, or with Left in the attribute mapping.";
    ExistingAdminRoleConflict:
        "The user of the tenant holds the role of an administrator, so it is not taken over.",
        "Take the roles away, let the user be matched, then give the roles back.";
    // Met elsewhere.
    RedundantExport: "Source and target are equal already.",
        "Nothing.";
    UnableToResolveReferenceAttributeValue:
        "Objects that it refers to are not in the tenant.",
        "Bring them into scope if they are to be referred to; the links follow by themselves.";
    HybridSynchronizationActiveDirectoryCannotFindAttribute:
        "The directory does not have a mapped attribute.",
        "Correct the attribute mapping.";
    HybridSynchronizationActiveDirectoryUserPrincipalNameNotUnique:
        "Another object of the directory has the same user principal name.",
        "Give one of the two another name in the directory.";
    InvalidAttributeSyntaxLdapErr: "The directory refuses an empty value.",
        "Use Switch or IgnoreFlowIfNullOrEmpty in the attribute mapping.";
    NotEffectivelyEntitled: "The object is not assigned.",
        "Assign it again.";
    LdapClientTimeout: "The directory did not answer within the time that was set.",
        "Let the directory index what is asked for, or wait longer for it.";
    AzureDirectoryServiceAuthorizationFailed: "The tenant does not know the service.",
        "Repair the synchronization account.";
    HybridSynchronizationActiveDirectoryUnexpectedDuplicateEntriesFound:
        "Several groups of the directory carry the same join value.",
        "Remove the double groups.";
    // Ours.
    AttributeMappingFailed: "The value of an attribute mapping could not be computed.",
        "Correct the value in the directory or the expression in the attribute mapping.";
    ScopingFilterFailed: "A clause of the scoping filter could not be decided for the object.",
        "Correct the value in the directory or the pattern in the scoping filter. Until then \
         nothing is done with the object.";
    FlowSwitchedOff: "The configuration does not let this change flow.",
        "Switch the flow on if the change is wanted.";
}

/// The official spelling.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidAttributeSyntaxLdapErr => f.write_str("InvalidAttributeSyntax-LdapErr"),
            code => fmt::Debug::fmt(code, f),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_says_what_happened_and_what_helps() {
        let names: BTreeSet<_> = ErrorCode::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert!(code.cause().ends_with('.'), "{code}");
            assert!(code.advice().ends_with('.'), "{code}");
        }
    }
}
