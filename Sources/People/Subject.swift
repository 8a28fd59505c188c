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
}

extension ProblemType {
    package static let subjectErased = ProblemType(
        "subject_erased",
        .conflict,
        zh: "该个人的信息已被删除",
        en: "This person's data has been erased"
    )
}
