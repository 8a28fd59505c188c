package import Core

/// Where a number comes from, so that nobody takes a rule of ours for the law.
package struct RuleSource: Sendable, Hashable {
    package let basis: Basis
    package let title: LocalizedText

    package enum Basis: String, Sendable, Hashable, CaseIterable {
        /// The text of the law was read.
        case law
        /// What the platform promises its customers.
        case promise
        /// Known from pages that quote or describe it.
        case secondarySource = "secondary_source"
        case recalledNotRead = "recalled_not_read"
        /// Nobody's but ours, and open to change.
        case ownProposal = "own_proposal"
    }

    package init(_ basis: Basis, zh: String, en: String) {
        self.basis = basis
        title = LocalizedText(zh: zh, en: en)
    }

    package static let ownProposal = RuleSource(.ownProposal, zh: "平台自行拟定", en: "our own proposal")

    package var json: JSON { ["basis": JSON(basis.rawValue), "zh": JSON(title.zh), "en": JSON(title.en)] }
}

/// Editions of a table, of which the latest one in force counts. An edition is never changed: a change is another one.
package struct Schedule<Edition: Sendable & Hashable>: Sendable, Hashable {
    private let editions: [Entry]

    private struct Entry: Sendable, Hashable {
        let from: CalendarDate
        let edition: Edition
    }

    package init(_ editions: [(from: CalendarDate, edition: Edition)]) {
        self.editions = editions.sorted { $0.from < $1.from }.map { Entry(from: $0.from, edition: $0.edition) }
    }

    /// `nil` before the first came into force.
    package func edition(on date: CalendarDate) -> Edition? {
        editions.last { $0.from <= date }?.edition
    }
}
