import Core

extension IncidentQuestion {
    static let all = [totalLoss, flood, fire, structuralAccident]

    private static let totalLoss = IncidentQuestion(
        code: .totalLoss,
        head: "total_loss",
        proves: { $0.event.kind == .insuranceTotalLoss },
        reopens: { _ in false },
        words: Words(
            happened: LocalizedText(
                zh: "保险公司曾按全损赔付（认定修不好或不值得修）",
                en: "An insurer wrote the car off, judging it beyond sensible repair"
            ),
            found: LocalizedText(zh: "按全损赔付过的情况", en: "that the car had been written off"),
            whether: LocalizedText(
                zh: "保险公司是否按全损赔付过（认定修不好或不值得修）",
                en: "whether an insurer ever wrote the car off as beyond sensible repair"
            )
        )
    )

    private static let flood = IncidentQuestion(
        code: .flood,
        head: "flood",
        proves: { item in
            item.event.kind == .floodReported || item.facts.text("peril") == "flood"
                || item.facts.text("cause") == "flood"
        },
        reopens: { $0.facts.text("peril") == "not_known" },
        words: Words(
            happened: LocalizedText(
                zh: "车辆曾严重涉水（车内进过水，电路和内饰可能留下隐患）",
                en: "The car was flooded: water came inside, and wiring and trim may fail later"
            ),
            found: LocalizedText(zh: "严重涉水（车内进过水）的痕迹", en: "signs of flooding"),
            whether: LocalizedText(
                zh: "车辆是否严重涉水（车内进过水）",
                en: "whether the car was ever flooded, with water inside"
            )
        )
    )

    private static let fire = IncidentQuestion(
        code: .fire,
        head: "fire",
        proves: { $0.facts.text("peril") == "fire" },
        reopens: { $0.facts.text("peril") == "not_known" },
        words: Words(
            happened: LocalizedText(zh: "车辆着过火", en: "The car was damaged by fire"),
            found: LocalizedText(zh: "着过火的痕迹", en: "signs of fire"),
            whether: LocalizedText(zh: "车辆是否着过火", en: "whether the car was ever damaged by fire")
        )
    )

    private static let structuralAccident = IncidentQuestion(
        code: .structuralAccident,
        head: "structural_accident",
        proves: { $0.facts.triState("structural") == .yes },
        reopens: { $0.facts.triState("structural") == .notKnown && mayHurtStructure($0) },
        words: Words(
            happened: LocalizedText(
                zh: "车身结构（撑起整车、碰撞时保护车内人员的骨架）受过损伤",
                en: "The body structure, the frame that carries the car and protects people in a crash, was damaged"
            ),
            found: LocalizedText(
                zh: "车身结构（撑起整车、碰撞时保护车内人员的骨架）受损的痕迹",
                en: "damage to the body structure, the frame that protects people in a crash"
            ),
            whether: LocalizedText(
                zh: "车身结构（撑起整车、碰撞时保护车内人员的骨架）是否受过损伤",
                en: "whether the body structure, the frame that protects people in a crash, was ever damaged"
            )
        )
    )

    /// Accidents, and what insurers and workshops report after one.
    private static func mayHurtStructure(_ item: Timeline.Item) -> Bool {
        switch item.event.kind {
        case .accidentReported: true
        case .insuranceClaimed, .insuranceTotalLoss:
            ["collision", "other", "not_known"].contains(item.facts.text("peril"))
        case .repairDone: ["accident", "not_known"].contains(item.facts.text("cause"))
        default: false
        }
    }
}
