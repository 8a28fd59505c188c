package import Core

/// Who pays for a repair, in the order in which they are asked.
package enum Payer: String, Sendable, Hashable, CaseIterable {
    case recall
    /// 三包、包修.
    case manufacturer
    /// The dealer, by law.
    case legalFloor = "legal_floor"
    case platform
    case insurer
    case goodwill

    package var name: LocalizedText {
        switch self {
        case .recall: LocalizedText(zh: "召回（生产者）", en: "Recall (the maker)")
        case .manufacturer: LocalizedText(zh: "原厂三包、包修", en: "The maker's warranty")
        case .legalFloor: LocalizedText(zh: "法定保障（经销商）", en: "The law (the dealer)")
        case .platform: LocalizedText(zh: "平台质保", en: "The platform's plan")
        case .insurer: LocalizedText(zh: "保险公司延保", en: "The insurer's extension")
        case .goodwill: LocalizedText(zh: "平台酌情", en: "Goodwill")
        }
    }
}
