package import Core

extension ProblemType {
    package static let vehicleUnknown = ProblemType(
        "vehicle_unknown",
        .notFound,
        zh: "没有这辆车的任何记录",
        en: "There is no record of this vehicle"
    )
    package static let entryUnknown = ProblemType(
        "entry_unknown",
        .notFound,
        zh: "没有这条记录",
        en: "There is no such entry"
    )
    package static let kindNotReportable = ProblemType(
        "kind_not_reportable",
        .forbidden,
        zh: "本机构不能上报这种事件",
        en: "This kind of organisation may not report this kind of event"
    )
    package static let refOfAnotherVehicle = ProblemType(
        "ref_of_another_vehicle",
        .conflict,
        zh: "这个 ref 已用于另一辆车",
        en: "This ref was used for another vehicle"
    )
    package static let headChanged = ProblemType(
        "head_changed",
        .stale,
        zh: "车辆记录已有新增，与预期的最新记录不符",
        en: "The vehicle's chain has moved on from the expected head"
    )
    package static let chainDamaged = ProblemType(
        "chain_damaged",
        .unavailable,
        zh: "这辆车的存储记录已损坏，停止追加，等待修复",
        en: "The stored chain of this vehicle is damaged; nothing is added until it is repaired"
    )
    package static let notYourEntry = ProblemType(
        "not_your_entry",
        .forbidden,
        zh: "只有原上报机构或主管部门可以更正或撤回",
        en: "Only the source of an entry, or an authority, may correct or retract it"
    )
    package static let alreadyRetracted = ProblemType(
        "already_retracted",
        .conflict,
        zh: "这条记录已被撤回",
        en: "The entry has been retracted already"
    )
    package static let alreadyErased = ProblemType(
        "already_erased",
        .conflict,
        zh: "这条记录的内容已被删除",
        en: "The entry's payload has been erased already"
    )
    package static let signatureRequired = ProblemType(
        "signature_required",
        .invalid,
        zh: "本机构要求每条记录都有签名",
        en: "This organisation demands a signature on every entry"
    )
    package static let signatureInvalid = ProblemType(
        "signature_invalid",
        .invalid,
        zh: "签名与内容或公钥不符",
        en: "The signature does not fit the statement and the key"
    )

    /// Everything that this slice refuses with.
    package static let history: [ProblemType] = [
        vehicleUnknown, entryUnknown, kindNotReportable, refOfAnotherVehicle, headChanged, chainDamaged, notYourEntry,
        alreadyRetracted, alreadyErased, signatureRequired, signatureInvalid,
    ]
}
