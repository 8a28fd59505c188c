package import Core

extension AdvanceFact: Fact {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case requested
        case signed
        case approved
        case cancelled
        case paid
        case depositDrawn = "deposit_drawn"
        case invoiced
        case planAgreed = "plan_agreed"
        case received
        case suspended
        case lifted
        case writeOffSigned = "write_off_signed"
        case writtenOff = "written_off"
        case overturned
    }
}

extension AdvanceFact.Body: FactBody {
    package var kind: AdvanceFact.Kind {
        switch self {
        case .requested: .requested
        case .signed: .signed
        case .approved: .approved
        case .cancelled: .cancelled
        case .paid: .paid
        case .depositDrawn: .depositDrawn
        case .invoiced: .invoiced
        case .planAgreed: .planAgreed
        case .received: .received
        case .suspended: .suspended
        case .lifted: .lifted
        case .writeOffSigned: .writeOffSigned
        case .writtenOff: .writtenOff
        case .overturned: .overturned
        }
    }

    package var data: JSON {
        switch self {
        case .signed, .approved, .cancelled, .suspended, .lifted: [:]
        case .requested(let terms): terms.json
        case .paid(let reference): ["reference": JSON(reference)]
        case .depositDrawn(let payment), .received(let payment): payment.json
        case .invoiced(let amount, let dueOn): ["amount": amount.json, "due_on": JSON(dueOn)]
        case .planAgreed(let plan): plan.json
        case .writeOffSigned(let amount), .writtenOff(let amount): ["amount": amount.json]
        case .overturned(let overturn): overturn.json
        }
    }

    package init?(_ kind: AdvanceFact.Kind, stored data: inout ObjectReader) {
        let body: AdvanceFact.Body? =
            switch kind {
            case .signed: .signed
            case .approved: .approved
            case .cancelled: .cancelled
            case .suspended: .suspended
            case .lifted: .lifted
            case .requested: AdvanceTerms(stored: &data).map { .requested($0) }
            case .paid: data.text("reference").map { .paid(reference: $0) }
            case .depositDrawn: Payment(stored: &data).map { .depositDrawn($0) }
            case .received: Payment(stored: &data).map { .received($0) }
            case .invoiced: AdvanceFact.Body.invoiced(stored: &data)
            case .planAgreed: InstalmentPlan(stored: &data).map { .planAgreed($0) }
            case .writeOffSigned: data.money("amount").map { .writeOffSigned($0) }
            case .writtenOff: data.money("amount").map { .writtenOff($0) }
            case .overturned: Overturn(stored: &data).map { .overturned($0) }
            }
        guard let body else { return nil }
        self = body
    }

    private static func invoiced(stored data: inout ObjectReader) -> AdvanceFact.Body? {
        guard let amount = data.money("amount"), let dueOn = data.date("due_on") else { return nil }
        return .invoiced(amount, dueOn: dueOn)
    }
}

extension AdvanceTerms: Stored {
    package var json: JSON {
        [
            "id": JSON(id), "claim": JSON(claim), "head": JSON(head.rawValue), "dealer": JSON(dealer),
            "amount": amount.json, "ground": JSON(ground.rawValue), "ruled_at": JSON(ruledAt), "due_at": JSON(dueAt),
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let id = reader.text("id").flatMap { AdvanceID($0) }
        let claim = reader.text("claim").flatMap { ClaimID($0) }
        let head = reader.oneOf("head", LossHead.self)
        let dealer = reader.text("dealer")
        let amount = reader.money("amount")
        let ground = reader.oneOf("ground", Ground.self)
        let ruledAt = reader.instant("ruled_at")
        let dueAt = reader.instant("due_at")
        guard let id, let claim, let head, let dealer, let amount, let ground, let ruledAt, let dueAt else {
            return nil
        }
        self.init(
            id: id,
            claim: claim,
            head: head,
            dealer: dealer,
            amount: amount,
            ground: ground,
            ruledAt: ruledAt,
            dueAt: dueAt
        )
    }
}

extension InstalmentPlan: Stored {
    package var json: JSON { ["parts": parts.json] }

    package init?(stored reader: inout ObjectReader) {
        guard let parts = reader.storedList("parts", Part.self) else { return nil }
        self.init(parts: parts)
    }
}

extension InstalmentPlan.Part: Stored {
    package var json: JSON { ["due_on": JSON(dueOn), "amount": amount.json] }

    package init?(stored reader: inout ObjectReader) {
        guard let dueOn = reader.date("due_on"), let amount = reader.money("amount") else { return nil }
        self.init(dueOn: dueOn, amount: amount)
    }
}

extension Overturn: Stored {
    package var json: JSON { ["dealers_part": dealersPart.json, "refund_to_dealer": refundToDealer.json] }

    package init?(stored reader: inout ObjectReader) {
        guard let part = reader.money("dealers_part"), let refund = reader.money("refund_to_dealer") else {
            return nil
        }
        self.init(dealersPart: part, refundToDealer: refund)
    }
}
