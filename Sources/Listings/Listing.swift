package import Core
package import Cryptography
package import Identity
package import Valuation

package enum ListingTag: IDTag {
    package static let prefix = "lst"
}

package typealias ListingID = ID<ListingTag>

/// A car that a dealer offers, or prepares to.
package struct Listing: Sendable, Hashable {
    package let id: ListingID
    package let dealer: OrganizationID
    package let vin: VIN
    package var content: ListingContent
    package var status: ListingStatus
    /// Since when it has been what it is.
    package var statusSince: Instant
    /// What the dealer stood behind when he published it last; `nil` before he did.
    package var pin: HistoryPin?
    /// What it was estimated at when he did; `nil` before, and where it could not be.
    package var appraisal: Appraisal?
    /// Counts the changes.
    package var version: Int64
    package let createdAt: Instant
    /// In the order in which they are shown.
    package var photos: [ListingPhoto] = []
}

/// The car's history as it stood when it was offered.
package struct HistoryPin: Sendable, Hashable {
    /// Of the last entry; `nil` where the car had none.
    package let head: Digest?
    package let entryCount: Int64
    /// Where that entry stands in the log; `nil` where it had no place yet.
    package let leafIndex: Int64?
    package let publishedAt: Instant
    /// What the platform's own inspection found by then: the grade of GB/T 30323, 1 to 5; `nil` where none was made.
    package let grade: Int64?
}

package enum ListingStatus: String, Sendable, Hashable, CaseIterable {
    case draft
    case published
    case reserved
    case sold
    case withdrawn

    /// Whether strangers may look at it.
    package var isPublic: Bool {
        switch self {
        case .published, .reserved, .sold: true
        case .draft, .withdrawn: false
        }
    }

    /// Whether it holds the one place on the market that a car has.
    package var isLive: Bool { self == .published || self == .reserved }

    /// Whether its content may be changed. What is reserved stays as the buyer saw it, what is sold is over.
    package var isEditable: Bool { self != .reserved && self != .sold }
}

/// What can be done to a listing.
package enum ListingStep: String, Sendable, Hashable, CaseIterable {
    case publish
    case withdraw
    case reserve
    case release
    case markSold = "mark_sold"

    private var origins: [ListingStatus] {
        switch self {
        case .publish: [.draft, .withdrawn]
        case .withdraw: [.published, .reserved]
        case .reserve: [.published]
        case .release: [.reserved]
        case .markSold: [.published, .reserved]
        }
    }

    private var target: ListingStatus {
        switch self {
        case .publish, .release: .published
        case .withdraw: .withdrawn
        case .reserve: .reserved
        case .markSold: .sold
        }
    }

    /// - Throws: `listing_state`, which says what would be possible.
    package func applied(to status: ListingStatus) throws -> ListingStatus {
        guard origins.contains(status) else {
            let possible = ListingStep.allCases.filter { $0.origins.contains(status) }.map(\.rawValue)
            let steps = possible.isEmpty ? nil : possible.joined(separator: ", ")
            throw Failure(
                .listingState,
                zh: "车源现为 \(status.rawValue)，不能执行 \(rawValue)；" + (steps.map { "可执行：\($0)" } ?? "已不能再变更"),
                en: "The listing is \(status.rawValue), so \(rawValue) is not possible; "
                    + (steps.map { "possible: \($0)" } ?? "nothing is any more")
            )
        }
        return target
    }
}

// MARK: - JSON

extension Listing {
    /// - Parameter isOwn: also what is the dealer's own business. The others see what everybody sees.
    package func json(isOwn: Bool) -> JSON {
        .object(
            [
                .init("id", JSON(id)),
                .init("dealer", JSON(dealer)),
                .init("vin", JSON(vin.text)),
                .init("status", JSON(status.rawValue)),
                .init("status_since", JSON(statusSince)),
            ] + content.members + [
                .init("total", content.total.json),
                .init("pinned", .optional(pin) { $0.json }),
                .init("appraisal", .optional(appraisal) { $0.json(of: content.total) }),
                .init("created_at", JSON(createdAt)),
                .init("stock", isOwn ? .optional(content.stock) { $0.json } : .null),
                .init("photos", .array(photos.enumerated().map { $0.element.json(position: $0.offset + 1) })),
            ]
        )
    }

    /// Of what its dealer sees: nobody else changes it.
    package var entityTag: String { Identity.entityTag(version: version, json(isOwn: true)) }
}

extension HistoryPin {
    var json: JSON {
        [
            "head": .optional(head) { JSON($0.hex) },
            "entry_count": .integer(entryCount),
            "leaf_index": .optional(leafIndex, JSON.integer),
            "published_at": JSON(publishedAt),
            "grade": .optional(grade, JSON.integer),
        ]
    }
}

extension Money {
    var json: JSON { ["amount": .integer(fen), "currency": "CNY"] }
}
