// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSync
import ExtRefTrackers
import RPCMessages

extension SourceWarning {
    init(_ warning: DriftWarning) {
        self.init()
        kind = warning.sign.kind.message
        subject = warning.sign.subject
        message = warning.sign.advice
        example = warning.place
        firstSeenTime = GoogleTimestamp(warning.firstSeenAt)
        lastSeenTime = GoogleTimestamp(warning.lastSeenAt)
        count = Int32(clamping: warning.count)
        effectiveTime = warning.sign.effectiveAt.map { GoogleTimestamp($0) }
    }
}

extension DriftSign.Kind: WireEnum {
    var message: SourceWarningKind {
        switch self {
        case .apiGone: .apiGone
        case .sunset: .sunset
        case .deprecated: .deprecated
        case .unknownValue: .unknownValue
        case .missingField: .missingField
        }
    }
}
