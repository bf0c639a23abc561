// SPDX-License-Identifier: Apache-2.0

/// Why a call failed, as `google.rpc.ErrorInfo.reason` says it. Stable: programs branch on these words.
/// `docs/errors.md` explains each, `extref.v1.ErrorReason` lists them on the wire; a test holds the three
/// together.
public enum ErrorReason: String, Sendable, CaseIterable {
    case fieldInvalid = "FIELD_INVALID"
    case batchTooLarge = "BATCH_TOO_LARGE"
    case pageTokenInvalid = "PAGE_TOKEN_INVALID"
    case filterInvalid = "FILTER_INVALID"
    case requestIDReused = "REQUEST_ID_REUSED"
    case etagMismatch = "ETAG_MISMATCH"

    case tokenMissing = "TOKEN_MISSING"
    case tokenInvalid = "TOKEN_INVALID"
    case tokenExpired = "TOKEN_EXPIRED"
    case permissionDenied = "PERMISSION_DENIED"

    case sourceNotFound = "SOURCE_NOT_FOUND"
    case relationNotFound = "RELATION_NOT_FOUND"
    case linkNotFound = "LINK_NOT_FOUND"
    case issueNotFound = "ISSUE_NOT_FOUND"

    case noSourceConfigured = "NO_SOURCE_CONFIGURED"
    case noRelationConfigured = "NO_RELATION_CONFIGURED"
    case sourceDisabled = "SOURCE_DISABLED"
    case sourceNotAvailable = "SOURCE_NOT_AVAILABLE"
    case sourceInUse = "SOURCE_IN_USE"
    case relationDisabled = "RELATION_DISABLED"
    case relationNotAvailable = "RELATION_NOT_AVAILABLE"
    case relationInUse = "RELATION_IN_USE"
    case relationSystemDefined = "RELATION_SYSTEM_DEFINED"
    case relationObjectKind = "RELATION_OBJECT_KIND"
    case nameTaken = "NAME_TAKEN"
    case linkExists = "LINK_EXISTS"
    case credentialRequired = "CREDENTIAL_REQUIRED"
    case capabilityUnavailable = "CAPABILITY_UNAVAILABLE"
    case externalProjectNotAllowed = "EXTERNAL_PROJECT_NOT_ALLOWED"

    case keyPatternMismatch = "KEY_PATTERN_MISMATCH"
    case keyInvalid = "KEY_INVALID"
    case keyAmbiguous = "KEY_AMBIGUOUS"
    case urlInvalid = "URL_INVALID"
    case urlUnknownSource = "URL_UNKNOWN_SOURCE"
    case urlNotAnIssue = "URL_NOT_AN_ISSUE"

    case egressDenied = "EGRESS_DENIED"
    case trackerCredentialsRejected = "TRACKER_CREDENTIALS_REJECTED"
    case trackerCredentialsExpired = "TRACKER_CREDENTIALS_EXPIRED"
    case trackerPermissionDenied = "TRACKER_PERMISSION_DENIED"
    case trackerScopeMissing = "TRACKER_SCOPE_MISSING"
    case trackerIssueNotFound = "TRACKER_ISSUE_NOT_FOUND"
    case trackerRateLimited = "TRACKER_RATE_LIMITED"
    case trackerUnavailable = "TRACKER_UNAVAILABLE"
    case trackerTimedOut = "TRACKER_TIMED_OUT"
    case trackerBadResponse = "TRACKER_BAD_RESPONSE"
    case trackerRedirected = "TRACKER_REDIRECTED"
    case trackerRefused = "TRACKER_REFUSED"
    case creationUncertain = "CREATION_UNCERTAIN"
    case reusableIssueExists = "REUSABLE_ISSUE_EXISTS"

    case deadlineExceeded = "DEADLINE_EXCEEDED"
    case overloaded = "OVERLOADED"
    case storageFull = "STORAGE_FULL"
    case notImplemented = "NOT_IMPLEMENTED"
    case `internal` = "INTERNAL"
}
