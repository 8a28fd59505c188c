package import Core

/// One question about a bundle beyond those about the chain. The order is that of a report.
package enum BundleCheck: String, Sendable, Hashable, CaseIterable {
    /// It can be read at all.
    case format
    case sourceKeys = "source_keys"
    case checkpointSignature = "checkpoint_signature"
    case witnesses
    case vehicleKey = "vehicle_key"
    case inclusion
    case indexSignature = "index_signature"
    case indexSize = "index_size"
    case completeness
    /// Only where the bundle says up to where somebody was shown the history.
    case asOf = "as_of"
}

package enum BundleOutcome: String, Sendable, Hashable {
    case passed
    /// An entry's payload was erased on record: neither a proof nor a fault.
    case sealed
    case failed
    /// What it rests on has failed.
    case unchecked
}

/// The answer to one question.
package struct BundleVerdict: Sendable, Hashable {
    /// Stable, `snake_case`: a `BundleCheck`, `chain_` and a `ChainCheck`, or `sealed`.
    package let code: String
    package let outcome: BundleOutcome
    package let detail: LocalizedText

    init(_ code: String, _ outcome: BundleOutcome, _ detail: LocalizedText) {
        self.code = code
        self.outcome = outcome
        self.detail = detail
    }

    init(_ check: BundleCheck, _ outcome: BundleOutcome, zh: String, en: String) {
        self.init(check.rawValue, outcome, LocalizedText(zh: zh, en: en))
    }

    /// The verdict on what cannot be read.
    package init(_ error: BundleError) {
        self.init(BundleCheck.format.rawValue, .failed, error.explanation)
    }

    init(_ verdict: CheckVerdict) {
        self.init("chain_\(verdict.check.rawValue)", verdict.passed ? .passed : .failed, verdict.detail)
    }

    package var json: JSON {
        [
            "check": .string(code), "outcome": .string(outcome.rawValue), "zh": .string(detail.zh),
            "en": .string(detail.en),
        ]
    }
}

extension [BundleVerdict] {
    /// Whether nothing speaks against the bundle, and everything was looked at.
    package var isGenuine: Bool { allSatisfy { $0.outcome == .passed || $0.outcome == .sealed } }

    package var summary: LocalizedText {
        guard let bad = first(where: { $0.outcome == .failed }) ?? first(where: { $0.outcome == .unchecked }) else {
            let sealed = contains { $0.outcome == .sealed }
            return LocalizedText(
                zh: "真实、未改动且完整" + (sealed ? "；部分内容已依法删除" : ""),
                en: "Genuine, unchanged and complete" + (sealed ? "; some payloads were erased" : "")
            )
        }
        return LocalizedText(zh: "不可信：\(bad.detail.zh)", en: "Not to be trusted: \(bad.detail.en)")
    }
}
