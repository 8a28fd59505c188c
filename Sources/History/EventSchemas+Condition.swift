import Core
import Web

extension EventSchema {
    /// What a car is like.
    static let condition: [EventSchema] = [
        EventSchema(
            .odometerRead,
            "里程读数",
            "Odometer reading",
            by: [.dealer, .workshop, .insurer, .authority],
            [
                .required("odometer_km", .odometerKm, "里程表读数（公里）", "Odometer reading (km)"),
                .optional(
                    "method",
                    .choice(["dashboard", "diagnostic", "document", "not_known"]),
                    "读取方式",
                    "How it was read"
                ),
            ]
        ),
        EventSchema(
            .inspectionStatutory,
            "机动车检验",
            "Statutory inspection",
            by: [.authority],
            [
                .required("result", .choice(["passed", "failed"]), "检验结果", "Result"),
                .optional("valid_until", .date, "检验有效期至", "Valid until"),
                .optional(
                    "emission_result",
                    .choice(["passed", "failed", "not_tested"]),
                    "排放检验结果",
                    "Emission test"
                ),
                .optional("defects_minor", .integer(0...999), "轻微缺陷项数", "Minor defects"),
                .optional("defects_major", .integer(0...999), "主要缺陷项数", "Major defects"),
                .optional("defects_dangerous", .integer(0...999), "危险缺陷项数", "Dangerous defects"),
                .vinMatches, .odometer, .description,
            ]
        ),
        EventSchema(.inspectionPlatform, "平台检测", "Platform inspection", by: [], inspectionFields),
        EventSchema(
            .maintenanceDone,
            "保养",
            "Maintenance",
            by: [.workshop, .dealer],
            [
                .optional("items", .list(.shortText, maximumCount: EventLimits.listCount), "项目", "Items"),
                .optional("cost", .money, "费用", "Cost"),
                .odometer, .description,
            ]
        ),
        EventSchema(
            .repairDone,
            "维修",
            "Repair",
            by: [.workshop, .insurer],
            [
                .optional(
                    "cause",
                    .choice(["accident", "wear", "defect", "flood", "other", "not_known"]),
                    "原因",
                    "Cause"
                ),
                .optional("parts", .list(.shortText, maximumCount: EventLimits.listCount), "更换配件", "Parts replaced"),
                .optional("odometer_replaced", .bool, "是否更换里程表", "Whether the odometer was replaced"),
                .optional("cost", .money, "费用", "Cost"),
                .structural, .areas, .odometer, .description,
            ]
        ),
        EventSchema(
            .batteryMeasured,
            "动力电池检测",
            "Battery measurement",
            by: [.workshop, .dealer, .authority],
            [
                .required("soh_basis_points", .integer(0...10_000), "健康度（万分之一）", "State of health (0.01 %)"),
                .required(
                    "method",
                    .choice(["bms_readout", "full_cycle", "partial_charge", "other"]),
                    "检测方法",
                    "Method"
                ),
                .optional("tester", .shortText, "检测设备", "Test equipment"),
                .optional("capacity_wh", .integer(0...1_000_000), "可用电量（瓦时）", "Usable capacity (Wh)"),
                .optional("temperature_celsius", .integer(-60...90), "电池温度（℃）", "Battery temperature (°C)"),
                .odometer,
            ]
        ),
        EventSchema(
            .modificationDone,
            "改装",
            "Modification",
            by: [.workshop, .authority],
            [
                .required("description", .longText, "改装内容", "What was modified"),
                .optional("registered", .triState, "是否已变更登记", "Whether it was registered"),
                .odometer,
            ]
        ),
    ]

    /// The heads that a platform inspection answers: yes, no, or not known. What it leaves out is not known.
    package static let inspectedHeads: [(name: String, zh: String, en: String)] = [
        ("structural_accident", "结构性损伤", "Structural accident"),
        ("flood", "泡水", "Flood damage"),
        ("fire", "火烧", "Fire damage"),
        ("total_loss", "全损", "Total loss"),
        ("theft", "盗抢", "Theft"),
        ("commercial_use", "营运", "Commercial use"),
        ("open_recall", "未完成的召回", "Open recall"),
        ("mortgage", "抵押", "Mortgage"),
        ("odometer_altered", "里程改动", "Altered odometer"),
    ]

    private static let inspectionFields: [Field] =
        [
            .optional("grade", .integer(1...5), "技术状况等级", "Condition grade (GB/T 30323)"),
            .optional("score_tenths", .integer(0...1000), "技术状况分值（十分之一分）", "Condition score (0.1 points)"),
            .optional("report_digest", .hash, "检测报告摘要", "Digest of the report"),
            .vinMatches, .odometer, .description,
        ] + inspectedHeads.map { .optional($0.name, .triState, $0.zh, $0.en) }

}
