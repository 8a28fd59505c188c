import Core
import Web

private let everySource: Set<Role> = [.dealer, .workshop, .insurer, .authority]
private let reason = EventSchema.Field.required("reason", .longText, "理由", "Reason")

extension EventSchema {
    /// What is said about another entry.
    static let onEntry: [EventSchema] = [
        EventSchema(
            .entryCorrected,
            "更正",
            "Correction",
            by: everySource,
            [
                reason, .required("data", .object, "更正后的内容", "The corrected data"),
                .optional("occurred_at", .text(maximumLength: 35), "更正后的发生时间", "The corrected time"),
            ]
        ),
        EventSchema(.entryRetracted, "撤回", "Retraction", by: everySource, [reason]),
        EventSchema(
            .payloadErased,
            "内容删除",
            "Payload erased",
            by: [],
            [
                .required("entry", .hash, "被删除内容的记录", "The entry whose payload was erased"),
                .required("ground", .choices(of: ErasureGround.self), "法律依据", "Legal ground"),
                .optional("reference", .shortText, "申请或裁判编号", "Number of the request or order"),
            ]
        ),
    ]
}
