// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import PatternMatching

/// Checks a source's settings as far as they concern its tracker, before it is saved.
public struct SourceValidator: Sendable {
    private let registry: TrackerRegistry
    private let patterns: PatternCache

    /// Makes a validator.
    public init(registry: TrackerRegistry = .standard, patterns: PatternCache) {
        self.registry = registry
        self.patterns = patterns
    }

    /// Everything that is wrong, with fields named as in `extref.v1.Source`. Egress is judged elsewhere.
    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        guard let tracker = registry[source.providerID] else {
            return [FieldViolation("provider", "is not known; ListProviders names those there are")]
        }
        var violations = settings(of: source, tracker: tracker.description)
        do throws(SourceFaults) {
            _ = try RecognisableSource(source, tracker: tracker, patterns: patterns)
        } catch {
            violations += error.violations
        }
        return violations
    }

    private func settings(of source: IntegrationSource, tracker: ProviderDescription) -> [FieldViolation] {
        var violations = [FieldViolation]()
        if !source.createURLTemplate.isEmpty {
            do throws(TemplateFault) {
                _ = try URLTemplate(source.createURLTemplate, requiresKey: false)
            } catch {
                violations.append(FieldViolation("create_url_template", error.description))
            }
        }
        if !tracker.authenticationMethods.contains(where: { $0.id == source.authenticationMethod }) {
            let known = tracker.authenticationMethods.map(\.id.rawValue).joined(separator: ", ")
            violations.append(FieldViolation("authentication.method", "must be one of: \(known)"))
        }
        return violations
    }
}
