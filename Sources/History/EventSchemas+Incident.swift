import Core
import Web

extension EventSchema {
    /// What happened to a car.
    static let incident: [EventSchema] = [
        EventSchema(
            .accidentReported,
            "事故",
            "Accident",
            by: [.authority, .insurer, .workshop, .dealer],
            [
                .optional("severity", .choice(["minor", "moderate", "severe", "not_known"]), "程度", "Severity"),
                .optional("airbags_deployed", .triState, "气囊是否弹出", "Whether airbags deployed"),
                .structural, .areas, .odometer, .description,
            ]
        ),
        EventSchema(
            .insuranceClaimed,
            "保险出险",
            "Insurance claim",
            by: [.insurer],
            [
                .required("peril", .perils, "出险原因", "Peril"),
                .optional("loss_amount", .money, "定损金额", "Assessed loss"),
                .optional("paid_amount", .money, "赔付金额", "Amount paid"),
                .structural, .areas, .odometer, .description,
            ]
        ),
        EventSchema(
            .insuranceTotalLoss,
            "全损",
            "Total loss",
            by: [.insurer],
            [
                .required("peril", .perils, "全损原因", "Cause"),
                .optional(
                    "kind",
                    .choice(["actual", "constructive", "not_known"]),
                    "全损类型",
                    "Actual or constructive"
                ),
                .optional("paid_amount", .money, "赔付金额", "Amount paid"),
                .optional("salvage_sold", .triState, "残值是否出售", "Whether the salvage was sold"),
                .odometer, .description,
            ]
        ),
        EventSchema(
            .floodReported,
            "泡水",
            "Flood",
            by: [.insurer, .workshop, .authority, .dealer],
            [
                .optional(
                    "water_level",
                    .choice(["floor", "seat", "dashboard", "roof", "not_known"]),
                    "水位",
                    "Water level"
                ),
                .optional("drivetrain_affected", .triState, "是否浸及动力系统", "Whether the drivetrain was reached"),
                .odometer, .description,
            ]
        ),
        EventSchema(
            .theftReported,
            "盗抢",
            "Theft",
            by: [.authority, .insurer],
            [.required("status", .choice(["stolen", "recovered"]), "状态", "Status"), .description]
        ),
        EventSchema(
            .recallAnnounced,
            "召回公告",
            "Recall announced",
            by: [.authority],
            [
                .required("campaign", .shortText, "召回编号", "Campaign"),
                .optional("component", .text(maximumLength: 120), "部件", "Component"),
                .optional("hazard", .longText, "危险", "Hazard"),
                .optional("remedy", .longText, "维修措施", "Remedy"),
            ]
        ),
        EventSchema(
            .recallDone,
            "召回完成",
            "Recall remedied",
            by: [.workshop, .authority],
            [.required("campaign", .shortText, "召回编号", "Campaign"), .odometer]
        ),
    ]

}
