package import Core

extension ProblemType {
    package static let subjectErased = ProblemType(
        "subject_erased",
        .conflict,
        zh: "该个人的信息已被删除",
        en: "This person's data has been erased"
    )
    package static let legalHold = ProblemType(
        "legal_hold",
        .conflict,
        zh: "有法定保留事由尚未解除，不能删除",
        en: "A legal hold stands; nothing may be erased"
    )
    package static let holdReleased = ProblemType(
        "hold_released",
        .conflict,
        zh: "该保留事由此前已解除",
        en: "The hold was released before"
    )

    /// What this slice may answer with about persons.
    package static let subjects: [ProblemType] = [.subjectErased, .legalHold, .holdReleased]
}
