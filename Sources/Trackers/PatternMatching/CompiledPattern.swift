// SPDX-License-Identifier: Apache-2.0

internal import CPCRE2

/// Owns PCRE2's compiled form.
///
/// `@unchecked Sendable` because `code` is set in `init` and freed in `deinit` only, and PCRE2 documents
/// compiled code as read-only while matching: all scratch memory is in the match data and context, which each
/// match makes for itself.
@safe
final class CompiledPattern: @unchecked Sendable {
    private let code: OpaquePointer

    init(_ text: String) throws(PatternError) {
        let context = unsafe pcre2_compile_context_create_8(nil)
        defer { unsafe pcre2_compile_context_free_8(context) }
        _ = unsafe pcre2_set_parens_nest_limit_8(context, UInt32(PatternLimits.nestingMax))
        let options =
            PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY
            | PCRE2_NEVER_BACKSLASH_C
        var bytes = Array(text.utf8)
        var errorCode: Int32 = 0
        var errorOffset = 0
        guard
            let code = unsafe pcre2_compile_8(&bytes, bytes.count, options, &errorCode, &errorOffset, context)
        else {
            let scalars = String(decoding: bytes.prefix(errorOffset), as: UTF8.self).unicodeScalars.count
            throw PatternError("\(Self.sentence(for: errorCode)) at character \(scalars + 1)", at: scalars)
        }
        unsafe self.code = code
        guard compiledBytes <= PatternLimits.compiledBytesMax else {
            throw PatternError("is too complex")
        }
    }

    deinit { unsafe pcre2_code_free_8(code) }

    func match(_ subject: String) -> PatternOutcome {
        guard subject.utf8.count <= PatternLimits.subjectBytesMax else { return .notMatched }
        let context = unsafe pcre2_match_context_create_8(nil)
        defer { unsafe pcre2_match_context_free_8(context) }
        _ = unsafe pcre2_set_match_limit_8(context, PatternLimits.stepsMax)
        _ = unsafe pcre2_set_depth_limit_8(context, PatternLimits.depthMax)
        _ = unsafe pcre2_set_heap_limit_8(context, PatternLimits.heapKiBMax)
        let data = unsafe pcre2_match_data_create_8(1, nil)
        defer { unsafe pcre2_match_data_free_8(data) }
        // One byte more than counted, so that an empty subject has an address too.
        let bytes = Array(subject.utf8) + [0]
        return Self.outcome(of: unsafe pcre2_match_8(code, bytes, bytes.count - 1, 0, 0, data, context))
    }

    private var compiledBytes: Int {
        var size = 0
        _ = unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_SIZE), &size)
        return size
    }

    private static func outcome(of result: Int32) -> PatternOutcome {
        switch result {
        case 0...: .matched
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_NOMEMORY:
            .stepsExceeded
        default: .notMatched
        }
    }

    private static func sentence(for code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = unsafe pcre2_get_error_message_8(code, &buffer, buffer.count)
        return length > 0
            ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "is no valid pattern"
    }
}
