import Core
import Web

extension EventSchema {
    /// What the registration office keeps.
    static let registration: [EventSchema] = [
        EventSchema(.vehicleRegistered, "注册登记", "First registration", by: [.authority, .dealer], vehicleFields),
        EventSchema(
            .ownershipTransferred,
            "转让登记",
            "Transfer of ownership",
            by: [.authority, .dealer],
            [
                .optional("from_owner", .ownerKinds, "原所有人类型", "Kind of the previous owner"),
                .optional("to_owner", .ownerKinds, "现所有人类型", "Kind of the new owner"),
                .optional("transfer_count", .integer(1...99), "累计过户次数", "Transfers so far"),
                .use, .region, .odometer,
            ]
        ),
        EventSchema(
            .plateChanged,
            "号牌变更",
            "Change of plate",
            by: [.authority],
            [
                .required("plate_region", .plateRegion, "新号牌归属地", "Where the new plate was issued"),
                .optional("previous_plate_region", .plateRegion, "原号牌归属地", "Where the old plate was issued"),
            ]
        ),
        EventSchema(
            .mortgageRegistered,
            "抵押登记",
            "Mortgage registered",
            by: [.authority, .insurer],
            [
                .required("mortgage_ref", .shortText, "抵押登记编号", "Number of the mortgage"),
                .optional(
                    "mortgagee_kind",
                    .choice(["bank", "auto_finance", "leasing", "pawn", "other", "not_known"]),
                    "抵押权人类型",
                    "Kind of the mortgagee"
                ),
            ]
        ),
        EventSchema(
            .mortgageReleased,
            "解除抵押登记",
            "Mortgage released",
            by: [.authority, .insurer],
            [.required("mortgage_ref", .shortText, "抵押登记编号", "Number of the mortgage")]
        ),
        EventSchema(
            .scrapped,
            "报废",
            "Scrapped",
            by: [.authority],
            [
                .optional(
                    "reason",
                    .choice(["age", "damage", "voluntary", "emission", "other", "not_known"]),
                    "报废原因",
                    "Reason"
                ), .odometer,
            ]
        ),
        EventSchema(
            .exportDone,
            "出口",
            "Exported",
            by: [.authority, .dealer],
            [
                .optional("destination_country", .text(maximumLength: 2), "目的国代码", "Country code (ISO 3166-1)"),
                .odometer,
            ]
        ),
    ]

    private static let vehicleFields: [Field] = [
        .optional("make", .shortText, "品牌", "Make"),
        .optional("series", .shortText, "车系", "Series"),
        .optional("model", .text(maximumLength: 120), "车型", "Model"),
        .optional("model_year", .integer(1950...2100), "年款", "Model year"),
        .optional(
            "energy",
            .choice([
                "petrol", "diesel", "hybrid", "plug_in_hybrid", "range_extended", "battery", "fuel_cell", "gas",
                "other",
                "not_known",
            ]),
            "能源类型",
            "Energy"
        ),
        .optional(
            "emission_stage",
            .choice([
                "china_1", "china_2", "china_3", "china_4", "china_5", "china_6a", "china_6b", "not_applicable",
                "not_known",
            ]),
            "排放标准",
            "Emission stage"
        ),
        .optional("displacement_ml", .integer(0...20_000), "排量（毫升）", "Displacement (ml)"),
        .optional("seats", .integer(1...100), "核定载客数", "Seats"),
        .optional("color", .shortText, "颜色", "Colour"),
        .optional("guide_price", .money, "新车指导价", "Guide price when new"),
        .use, .region, .odometer,
    ]

}
