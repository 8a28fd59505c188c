import Core
import Web

private let listing = EventSchema.Field.required("listing", .shortText, "车源编号", "Listing")
private let price = EventSchema.Field.optional("price", .money, "价格", "Price")
private let contract = EventSchema.Field.optional("contract_digest", .hash, "合同摘要", "Digest of the contract")
private let claim = EventSchema.Field.required("claim", .shortText, "理赔编号", "Claim")

extension EventSchema {
    /// How a car was sold and covered.
    static let trade: [EventSchema] = [
        EventSchema(.listingPublished, "车源发布", "Listing published", by: [.dealer], [listing, price, .odometer]),
        EventSchema(
            .listingWithdrawn,
            "车源下架",
            "Listing withdrawn",
            by: [.dealer],
            [listing, .optional("reason", .choice(["sold", "owner", "dispute", "other"]), "原因", "Reason")]
        ),
        EventSchema(.saleContracted, "签订买卖合同", "Sale contracted", by: [.dealer], [price, contract, .odometer]),
        EventSchema(
            .saleCompleted,
            "交付成交",
            "Sale completed",
            by: [.dealer],
            [
                price, contract,
                .optional(
                    "channel",
                    .choice(["retail", "auction", "trade_in", "wholesale", "not_known"]),
                    "渠道",
                    "Channel"
                ), .odometer,
            ]
        ),
        EventSchema(
            .saleReturned,
            "退车",
            "Sale returned",
            by: [.dealer],
            [.optional("reason", .longText, "原因", "Reason"), .odometer]
        ),
        EventSchema(
            .warrantyIssued,
            "质保生效",
            "Warranty issued",
            by: [.dealer, .insurer],
            [
                contract, .optional("tier", .shortText, "质保档次", "Tier"),
                .optional("valid_until", .date, "质保期至", "Valid until"),
                .optional("limit_odometer_km", .odometerKm, "质保里程至", "Valid up to (km)"), .odometer,
            ]
        ),
        EventSchema(
            .warrantyClaimed,
            "质保理赔",
            "Warranty claimed",
            by: [.dealer, .insurer, .workshop],
            [claim, .optional("component", .shortText, "部件", "Component"), .odometer]
        ),
        EventSchema(
            .warrantySettled,
            "质保理赔结案",
            "Warranty claim settled",
            by: [.dealer, .insurer],
            [
                claim,
                .optional("outcome", .choice(["paid", "partly_paid", "repaired", "rejected"]), "结果", "Outcome"),
                .optional("paid_amount", .money, "赔付金额", "Amount paid"),
            ]
        ),
    ]

}
