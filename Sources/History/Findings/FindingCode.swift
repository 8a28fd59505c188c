package import Core

/// Every question that the findings answer, in the order in which a report asks them. The texts are part of the API's
/// contract: never renamed.
package enum FindingCode: String, Sendable, Hashable, CaseIterable {
    case scrapped
    case exported
    case theft
    case vinMismatch = "vin_mismatch"
    case totalLoss = "total_loss"
    case flood
    case fire
    case structuralAccident = "structural_accident"
    case odometerRollback = "odometer_rollback"
    case odometerRollover = "odometer_rollover"
    case odometerInconsistency = "odometer_inconsistency"
    case mortgage
    case openRecall = "open_recall"
    case scrapAge = "scrap_age"
    case commercialUse = "commercial_use"
    case recordGap = "record_gap"
    case recordedLate = "recorded_late"
    case correctedEntries = "corrected_entries"
    case erasedEntries = "erased_entries"
}

extension FindingCode {
    /// How grave an answer is. A question that the seller must answer, and nobody has, is a warning: the buyer has to
    /// ask. One that was answered with no is worth knowing, no more.
    func severity(of state: TriState) -> Finding.Severity {
        switch state {
        case .yes: severityOfYes
        case .no: .information
        case .notKnown: isAskedOfSeller ? .warning : .information
        }
    }

    private var severityOfYes: Finding.Severity {
        switch self {
        case .scrapped, .exported, .theft, .vinMismatch, .totalLoss, .flood, .fire, .structuralAccident,
            .odometerRollback, .mortgage, .openRecall, .scrapAge:
            .critical
        case .odometerRollover, .odometerInconsistency, .commercialUse, .recordGap: .warning
        case .recordedLate, .correctedEntries, .erasedEntries: .information
        }
    }

    /// Use, accidents, odometer, mortgage and scrap term are the seller's to disclose. The records speak for
    /// themselves; and as nobody reports that a car was not scrapped or exported, silence on that says nothing.
    private var isAskedOfSeller: Bool {
        switch self {
        case .theft, .totalLoss, .flood, .fire, .structuralAccident, .odometerRollback, .mortgage, .openRecall,
            .scrapAge, .commercialUse:
            true
        case .scrapped, .exported, .vinMismatch, .odometerRollover, .odometerInconsistency, .recordGap,
            .recordedLate, .correctedEntries, .erasedEntries:
            false
        }
    }
}

extension FindingCode {
    /// What the question is about, in words that fit behind "yes:", "no:" and "not known:".
    package var label: LocalizedText {
        switch self {
        case .scrapped: LocalizedText(zh: "已报废", en: "scrapped")
        case .exported: LocalizedText(zh: "已出口", en: "exported")
        case .theft: LocalizedText(zh: "被盗抢", en: "stolen")
        case .vinMismatch: LocalizedText(zh: "车架号与登记不一致", en: "VIN is not the registered one")
        case .totalLoss: LocalizedText(zh: "按全损赔付过（修不好或不值得修）", en: "written off by an insurer")
        case .flood: LocalizedText(zh: "严重涉水", en: "flooded")
        case .fire: LocalizedText(zh: "着过火", en: "damaged by fire")
        case .structuralAccident: LocalizedText(zh: "车身结构（骨架）受过损伤", en: "body structure damaged")
        case .odometerRollback: LocalizedText(zh: "里程表被调低", en: "odometer turned back")
        case .odometerRollover: LocalizedText(zh: "里程表跑满后从零计数", en: "odometer went past its last digit")
        case .odometerInconsistency: LocalizedText(zh: "里程读数互相矛盾", en: "contradicting odometer readings")
        case .mortgage: LocalizedText(zh: "抵押未解除", en: "mortgage not released")
        case .openRecall: LocalizedText(zh: "召回未处理", en: "recall not remedied")
        case .scrapAge: LocalizedText(zh: "接近或达到报废年限、里程", en: "near the scrap limit")
        case .commercialUse: LocalizedText(zh: "做过营运（载客、运货、出租等）", en: "used commercially")
        case .recordGap: LocalizedText(zh: "长时间没有记录", en: "long gap in the records")
        case .recordedLate: LocalizedText(zh: "事后很久才补录", en: "recorded late")
        case .correctedEntries: LocalizedText(zh: "有记录被更正或撤回", en: "entries corrected or retracted")
        case .erasedEntries: LocalizedText(zh: "有记录的内容被删除", en: "contents of entries erased")
        }
    }

    /// Where the rule behind the question comes from.
    package var sources: [RuleSource] {
        switch self {
        case .scrapped: [.scrappedCarSale]
        case .theft: [.stolenCarTransfer]
        case .vinMismatch: [.unlikeItsFileTransfer, .platform]
        case .mortgage: [.mortgagedCarTransfer]
        case .openRecall: [.recallSaleStop]
        case .scrapAge: [.scrapAgeTransfer, .scrapLimits]
        case .erasedEntries: [.erasure]
        case .totalLoss, .flood, .fire, .structuralAccident, .commercialUse: [.platform, .usedCarDisclosure]
        case .recordGap: [.platform, .periodicInspection]
        case .recordedLate: [.platform, .transferTerm]
        case .exported, .odometerRollback, .odometerRollover, .odometerInconsistency, .correctedEntries: [.platform]
        }
    }
}
