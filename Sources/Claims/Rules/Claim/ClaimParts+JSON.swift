package import Core

extension HandlerChange: Stored {
    package var json: JSON {
        ["change": JSON(kind.rawValue), "from": .optional(from) { JSON($0) }, "to": JSON(to)]
    }

    package init?(stored reader: inout ObjectReader) {
        let kind = reader.oneOf("change", Kind.self)
        let from = reader.text("from", required: false)
        guard let to = reader.text("to"), let kind else { return nil }
        self.init(kind, from: from, to: to)
    }
}

extension Question: Stored {
    package var json: JSON { ["of": JSON(of.rawValue), "due_at": JSON(dueAt)] }

    package init?(stored reader: inout ObjectReader) {
        guard let of = reader.oneOf("of", WaitedFor.self), let dueAt = reader.instant("due_at") else { return nil }
        self.init(of: of, dueAt: dueAt)
    }
}

extension Offer: Stored {
    package var json: JSON {
        [
            "way": JSON(way.rawValue), "lines": lines.json, "valid_until": JSON(validUntil),
            "is_automatic": .bool(isAutomatic),
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let way = reader.oneOf("way", Way.self)
        let lines = reader.storedList("lines", Line.self)
        let validUntil = reader.instant("valid_until")
        guard let isAutomatic = reader.bool("is_automatic"), let way, let lines, let validUntil else { return nil }
        self.init(way: way, lines: lines, validUntil: validUntil, isAutomatic: isAutomatic)
    }
}

extension Offer.Line: Stored {
    package var json: JSON {
        [
            "id": JSON(id), "asked": asked.json, "approved": approved.json,
            "reasons": .array(reasons.map { JSON($0) }),
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let id = reader.text("id")
        let asked = reader.money("asked")
        let approved = reader.money("approved")
        guard let reasons = reader.texts("reasons"), let id, let asked, let approved else { return nil }
        self.init(id: id, asked: asked, approved: approved, reasons: reasons)
    }
}

extension Payment: Stored {
    package var json: JSON { ["reference": JSON(reference), "amount": amount.json] }

    package init?(stored reader: inout ObjectReader) {
        guard let reference = reader.text("reference"), let amount = reader.money("amount") else { return nil }
        self.init(reference: reference, amount: amount)
    }
}

extension BuyerPayment: Stored {
    package var json: JSON {
        ["reference": JSON(reference), "amount": amount.json, "payer": JSON(payer.rawValue)]
    }

    package init?(stored reader: inout ObjectReader) {
        let payer = reader.oneOf("payer", Payer.self, required: false)
        guard let reference = reader.text("reference"), let amount = reader.money("amount") else { return nil }
        // Before it was said who paid, an advance was known by its number alone.
        let known: Payer = AdvanceID(reference) == nil ? .platform : .advance
        self.init(reference: reference, amount: amount, by: payer ?? known)
    }
}

extension Rejection: Stored {
    package var json: JSON {
        ["code": JSON(code.rawValue), "clause": JSON(clause), "evidence": evidence.json]
    }

    package init?(stored reader: inout ObjectReader) {
        let code = reader.oneOf("code", ReasonCode.self)
        let clause = reader.text("clause")
        guard let evidence = reader.storedList("evidence", Evidence.self), let code, let clause else { return nil }
        self.init(code: code, clause: clause, evidence: evidence)
    }
}

extension ClockMark: Stored {
    private static let runs: ClosedRange<Int64> = 1...100_000
    private static let percents: ClosedRange<Int64> = 0...100

    package var json: JSON {
        [
            "clock": JSON(clock.rawValue), "run": .integer(run), "percent": .integer(percent),
            "level": JSON(level.rawValue), "reached_at": JSON(reachedAt),
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let clock = reader.oneOf("clock", ClockKind.self)
        let run = reader.integer("run", in: ClockMark.runs)
        let percent = reader.integer("percent", in: ClockMark.percents)
        let level = reader.oneOf("level", AuthorityLevel.self)
        guard let reachedAt = reader.instant("reached_at"), let clock, let run, let percent, let level else {
            return nil
        }
        self.init(clock: clock, run: run, percent: percent, level: level, reachedAt: reachedAt)
    }
}

extension RefusedAttempt: Stored {
    package var json: JSON { ["who": who.json, "action": JSON(action.rawValue), "code": JSON(code)] }

    package init?(stored reader: inout ObjectReader) {
        let who = reader.stored("who", Caller.self)
        let action = reader.oneOf("action", ClaimAction.self)
        guard let code = reader.text("code"), let who, let action else { return nil }
        self.init(who: who, action: action, code: code)
    }
}
