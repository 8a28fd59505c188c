package import Core

package enum SubjectTag: IDTag {
    package static let prefix = "sub"
}

package typealias SubjectID = ID<SubjectTag>

/// A person whose data is held, whoever that is: a buyer, a claimant, somebody on the staff. Other slices keep the
/// identifier and never a value.
package struct Subject: Sendable, Hashable {
    package let id: SubjectID
    package let createdAt: Instant
    /// Nothing is left of the person's data since then. What referred to the person still does.
    package let erasedAt: Instant?

    package var isErased: Bool { erasedAt != nil }

    /// - Parameter values: in clear or masked, as the caller may see them.
    func json(_ values: [PersonalField: String]) -> JSON {
        let members = values.sorted { $0.key < $1.key }.map { JSON.Member($0.key.rawValue, JSON($0.value)) }
        return [
            "id": JSON(id),
            "created_at": JSON(createdAt),
            "erased_at": .optional(erasedAt) { JSON($0) },
            "values": .object(members),
        ]
    }
}
