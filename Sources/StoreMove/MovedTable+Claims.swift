import Storage

extension MovedTable {
    static let claim = MovedTable(
        "claim",
        key: [.text("id")],
        [
            "vin", "warranty", "buyer", "dealer", "state", "handler", "level", "due_at", "breaches", "cover_layer",
            "cover_component", "version", "filed_at",
        ]
    )

    static let claimFact = MovedTable(
        "claim_fact",
        key: [.text("claim"), .integer("number")],
        ["at", "recorded_at", "kind", "role", "person", "content"]
    )

    static let claimLine = MovedTable(
        "claim_line",
        key: [.text("claim"), .integer("offer"), .text("line")],
        ["asked_fen", "approved_fen", "reasons"]
    )

    static let claimRuling = MovedTable(
        "claim_ruling",
        key: [.text("claim"), .integer("number"), .text("party")],
        ["rate_bp", "basis"]
    )

    static let claimAssessment = MovedTable(
        "claim_assessment",
        key: [.text("claim"), .integer("seq")],
        ["at", "person", "content"]
    )

    static let claimDecidedDay = MovedTable(
        "claim_decided_day",
        key: [.text("person"), .text("day")],
        ["decided_fen"]
    )

    static let claimAdvance = MovedTable(
        "claim_advance",
        key: [.text("id")],
        [
            "claim", "loss", "head", "dealer", "amount_fen", "outstanding_fen", "stage", "is_suspended", "paid_at",
            "version", "requested_at",
        ]
    )

    static let claimAdvanceFact = MovedTable(
        "claim_advance_fact",
        key: [.text("advance"), .integer("number")],
        ["at", "recorded_at", "kind", "role", "person", "content"]
    )

    static let complaint = MovedTable(
        "complaint",
        key: [.text("id")],
        [
            "customer", "vin", "dealer", "component", "category", "severity", "root", "handler", "level", "due_at",
            "breaches", "is_open", "content", "version", "filed_at",
        ]
    )

    static let complaintFact = MovedTable(
        "complaint_fact",
        key: [.text("complaint"), .integer("number")],
        ["at", "recorded_at", "kind", "person", "content"]
    )

    static let claimHandler = MovedTable(
        "claim_handler",
        key: [.text("person")],
        ["role", "skills", "capacity", "last_assigned_at", "version"]
    )

    static let claimVacation = MovedTable(
        "claim_vacation",
        key: [.text("person"), .text("first_day")],
        ["last_day"]
    )

    static let claimEdition = MovedTable(
        "claim_edition",
        key: [.text("kind"), .text("version")],
        ["content", "used_since"]
    )

    static let dealerSuspension = MovedTable(
        "dealer_suspension",
        key: [.text("dealer"), .text("cause")],
        ["reason", "since"]
    )

    static let dealerNotice = MovedTable(
        "dealer_notice",
        key: [.text("dealer"), .text("cause")],
        ["kind", "claim", "advance", "at", "told_at", "due_at", "amount_fen"]
    )

    static let holderCode = MovedTable(
        "holder_code",
        key: [.text("warranty")],
        ["holder", "code", "issued_at", "expires_at"]
    )

    static let warrantyHolding = MovedTable(
        "warranty_holding",
        key: [.text("warranty"), .text("holder")],
        ["person", "since"]
    )

    static let suspendedListing = MovedTable(
        "suspended_listing",
        key: [.text("dealer"), .text("listing")],
        ["since"]
    )
}
