import Core
import Cryptography

extension Clause {
    var json: JSON {
        [
            "id": JSON(id), "text": text.json,
            "source": ["basis": JSON(source.basis.rawValue), "title": source.title.json],
        ]
    }
}

extension PlanBook {
    /// What is for sale, for everybody.
    var json: JSON {
        [
            "edition": JSON(edition),
            "effective_from": JSON(effectiveFrom),
            "hash": JSON(hash.hex),
            "plans": .array(plans.map(json)),
            "packages": .array(packages.map(json)),
            "grants": .array(grants.map(\.json)),
            "floors": .array(floors.map(json)),
        ]
    }

    private func json(_ plan: WarrantyPlan) -> JSON {
        [
            "id": JSON(plan.id),
            "kind": JSON(plan.kind.rawValue),
            "name": plan.name.json,
            "term": plan.term.words.json,
            "waiting": .optional(plan.waiting) { ["days": JSON($0.days), "km": .integer($0.km)] },
            "deductibles": .array(plan.deductibles.map(\.json)),
            "wording_hash": JSON(wordingHash(of: plan).hex),
            "wording": .array(
                wording(of: plan).sections.map { section in
                    ["title": section.title.json, "clauses": .array(section.clauses.map(\.json))]
                }
            ),
        ]
    }

    private func json(_ package: ServicePackage) -> JSON {
        [
            "id": JSON(package.id), "name": package.name.json, "from": package.from.json, "tier": JSON(package.tier),
            "grants": .array(package.grants.map(\.json)),
        ]
    }

    private func json(_ floor: LegalFloor) -> JSON {
        [
            "id": JSON(floor.id), "term": floor.term.words.json, "clause": .optional(clause(floor.clause)) { $0.json },
        ]
    }

    /// A quote as its dealer sees it.
    func json(_ stored: StoredQuote, _ quote: Quote) -> JSON {
        .object(
            [
                .init("id", JSON(stored.id)), .init("dealer", JSON(stored.dealer)),
                .init("created_at", JSON(stored.createdAt)),
            ] + shown(quote)
        )
    }

    /// What every quote says.
    func shown(_ quote: Quote) -> [JSON.Member] {
        [
            .init("valid_until", JSON(quote.validUntil)),
            .init("edition", ["edition": JSON(edition), "hash": JSON(hash.hex)]),
            .init("request", quote.request.json),
            .init("legal_floor", .array(quote.floors.map(json))),
            .init("manufacturer", .optional(quote.manufacturer) { $0.json }),
            .init("package", .optional(quote.package) { json($0) }),
            .init("included_tier", .optional(quote.includedTier, JSON.string)),
            .init("offers", .array(quote.offers.map(json))),
        ]
    }

    private func json(_ offer: Quote.Offer) -> JSON {
        let shown: (Cover) -> JSON = { cover in
            .array(clauses(of: cover, offer.plan).compactMap { clause($0)?.json })
        }
        return [
            "plan": JSON(offer.plan.id),
            "kind": JSON(offer.plan.kind.rawValue),
            "name": offer.plan.name.json,
            "term": offer.plan.term.words.json,
            "is_eligible": .bool(offer.eligibility.isEligible),
            "is_by_law": .bool(offer.eligibility.isByLaw),
            "conditions": .array(
                offer.eligibility.outcomes.map { outcome in
                    ["clause": outcome.clause.json, "holds": .bool(outcome.holds)]
                }
            ),
            "deductible": offer.deductible.json,
            "limits": offer.limits.json,
            "lines": .array(offer.lines.map(\.json)),
            "price": offer.price.json,
            "covered": shown(.covered),
            "conditional": shown(.conditional),
            "not_covered": shown(.excluded),
            "wording_hash": JSON(offer.wordingHash.hex),
        ]
    }
}

extension Grant {
    var json: JSON {
        [
            "kind": JSON(kind), "name": name.json, "count": .optional(count, JSON.integer), "time": time.words.json,
            "km": .optional(km, JSON.integer), "value": .optional(value) { $0.json }, "clause": JSON(clause),
        ]
    }
}

// MARK: - Answers

extension CoverageAnswer {
    func json(_ tree: ComponentTree) -> JSON {
        [
            "component": [
                "id": JSON(question.component.id), "name": question.component.name.json,
                "trail": tree.trail(of: question.component.id).json,
            ],
            "date": JSON(question.date),
            "odometer_km": .integer(question.odometerKm),
            "status": JSON(status.rawValue),
            "answer": JSON(cover.rawValue),
            "first_payer": .optional(firstPayer) { JSON($0.rawValue) },
            "payers": .array(payers.map(\.json)),
            "flags": .array(flags.map { JSON($0.rawValue) }),
            "notes": .array(notes.map(\.json)),
            "to_show": .array(shows.map(\.json)),
        ]
    }
}

extension PayerAnswer {
    /// Parts with another answer that are named; of a whole car there are hundreds.
    private static let shownExceptions = 20

    fileprivate var json: JSON {
        [
            "payer": JSON(payer.rawValue),
            "name": payer.name.json,
            "layer": .optional(layer) { JSON($0.id) },
            "answer": JSON(cover.rawValue),
            "reason": JSON(reason.rawValue),
            "clauses": .array(clauses.map(\.json)),
            "until": .optional(until) { $0.json },
            "deductible": deductible.json,
            "left": .optional(left) { $0.json },
            "policy": .optional(layer?.policy) { ["insurer": JSON($0.insurer), "number": JSON($0.number)] },
            "exceptions": .array(exceptions.prefix(PayerAnswer.shownExceptions).map(\.json)),
        ]
    }
}

extension PayerAnswer.Exception {
    fileprivate var json: JSON {
        [
            "component": JSON(component.id), "name": component.name.json, "answer": JSON(cover.rawValue),
            "clause": JSON(clause.id),
        ]
    }
}

// MARK: - Contracts

extension StoredWarranty {
    /// As it stands on a day, at the highest reading that is known.
    func json(on date: CalendarDate, odometerKm: Int64) -> JSON {
        [
            "id": JSON(id),
            "dealer": JSON(dealer),
            "quote": .optional(quote) { JSON($0) },
            "vin": JSON(terms.sale.vin.text),
            "status": JSON(contract.status(on: date, odometerKm: odometerKm).rawValue),
            "holder": JSON(contract.holder),
            "transfers": .integer(contract.transfers),
            "price": contract.price.json,
            "paid_on": .optional(contract.paidOn) { JSON($0) },
            "ending": .optional(contract.ending) { $0.json },
            "terms": terms.json,
            "terms_hash": JSON(terms.hash.hex),
            "contract_hash": JSON(contractHash.hex),
            "entry": JSON(entry.hex),
            "created_at": JSON(createdAt),
        ]
    }
}
