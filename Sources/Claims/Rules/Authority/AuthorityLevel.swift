package import Core

/// 初级, 中级, 高级, 经理: the same names as a certificate has.
package enum AuthorityLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case junior
    case intermediate
    case senior
    case manager

    private var rank: Int {
        switch self {
        case .junior: 0
        case .intermediate: 1
        case .senior: 2
        case .manager: 3
        }
    }

    package static func < (left: AuthorityLevel, right: AuthorityLevel) -> Bool { left.rank < right.rank }

    /// `nil` above a manager.
    package var next: AuthorityLevel? { AuthorityLevel.allCases.first { $0 > self } }

    package var name: LocalizedText {
        switch self {
        case .junior: LocalizedText(zh: "初级", en: "junior")
        case .intermediate: LocalizedText(zh: "中级", en: "intermediate")
        case .senior: LocalizedText(zh: "高级", en: "senior")
        case .manager: LocalizedText(zh: "经理", en: "manager")
        }
    }
}
