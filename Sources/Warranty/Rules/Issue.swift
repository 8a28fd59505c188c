package import Core
package import Cryptography

/// What a buyer takes of a quote, and how the car was handed over.
package struct IssueRequest: Sendable, Hashable {
    package var tier: String
    package var extensions: [ExtensionChoice]
    package var deliveredOn: CalendarDate
    package var invoicedOn: CalendarDate
    package var odometerKm: Int64
    /// The hashes of the wordings that the buyer was shown and acknowledged.
    package var acknowledged: Set<Digest>

    package struct ExtensionChoice: Sendable, Hashable {
        package let plan: String
        package let insurer: String
        package let policyNumber: String

        package init(plan: String, insurer: String, policyNumber: String) {
            self.plan = plan
            self.insurer = insurer
            self.policyNumber = policyNumber
        }
    }

    package init(
        tier: String,
        extensions: [ExtensionChoice] = [],
        deliveredOn: CalendarDate,
        invoicedOn: CalendarDate? = nil,
        odometerKm: Int64,
        acknowledged: Set<Digest>
    ) {
        self.tier = tier
        self.extensions = extensions
        self.deliveredOn = deliveredOn
        self.invoicedOn = invoicedOn ?? deliveredOn
        self.odometerKm = odometerKm
        self.acknowledged = acknowledged
    }
}

/// A contract that goes on from another: from when and from where. What the law grants goes along as it is; services
/// are not granted anew.
package struct Continuation: Sendable, Hashable {
    package let predecessor: ContractTerms
    package let start: CalendarDate
    package let startKm: Int64
    /// Only where the other contract was still waiting.
    package let waits: Bool
}

extension PlanBook {
    /// The terms of what the buyer takes of a quote.
    ///
    /// - Throws: `Failure.quoteExpired`, `.notEligible`, `.wordingNotAcknowledged`, `.belowLegalFloor`, or with every
    ///   member of the request that is wrong.
    package func terms(
        _ id: ID<WarrantyTag>,
        for request: IssueRequest,
        of quote: Quote,
        continuing continuation: Continuation? = nil
    ) throws -> ContractTerms {
        try check(request, quote)
        var sale = quote.request.sale
        sale.soldOn = request.deliveredOn
        sale.odometerKm = request.odometerKm
        let tier = try offer(request.tier, .tier, "/tier", with: nil, request, quote, sale)
        let extensions = try request.extensions.enumerated().map { index, choice in
            let pointer = "/extensions/\(index)/plan"
            return (choice, try offer(choice.plan, .extension, pointer, with: request.tier, request, quote, sale))
        }
        let start = continuation?.start ?? request.deliveredOn
        let startKm = continuation?.startKm ?? request.odometerKm
        let tierLayer = layer(tier, from: start, at: startKm, waits: continuation?.waits ?? true)
        let floors = continuation?.predecessor.layers(of: .legalFloor) ?? floorLayers(sale, request)
        let grants = continuation == nil ? quote.grants : []
        let terms = ContractTerms(
            id: id,
            edition: edition,
            bookHash: hash,
            sale: sale,
            invoicedOn: request.invoicedOn,
            layers: floors + [tierLayer] + (try extensions.map { try layer($0.1, $0.0, after: tierLayer.period) }),
            manufacturer: manufacturer.cover(for: sale),
            grants: grants.map { GrantTerms($0, from: request.deliveredOn, at: request.odometerKm) },
            paymentDueOn: start.adding(days: life.paymentDays),
            freeLookUntil: start.adding(days: life.freeLookDays),
            renews: continuation?.predecessor.id
        )
        if continuation == nil { try checkFloor(of: terms) }
        return terms
    }

    // MARK: Checks

    private func check(_ request: IssueRequest, _ quote: Quote) throws {
        guard quote.bookHash == hash else { throw Failure(.quoteExpired) }
        guard request.deliveredOn <= quote.validUntil else {
            throw Failure(
                .quoteExpired,
                zh: "报价有效期至 \(quote.validUntil)",
                en: "The quote was valid until \(quote.validUntil)"
            )
        }
        let faults = FaultCollector()
        if request.deliveredOn < quote.request.sale.soldOn {
            let (zh, en) = ("早于报价日期 \(quote.request.sale.soldOn)", "Before the quote of \(quote.request.sale.soldOn)")
            faults.add("/delivered_on", "before_quote", zh: zh, en: en)
        }
        // Compared one by one: a day of delivery long past would make an interval that ends before it begins.
        let isEarly = request.invoicedOn < quote.request.sale.soldOn.adding(days: -life.quoteDays)
        if isEarly || request.invoicedOn > request.deliveredOn.adding(days: life.quoteDays) {
            faults.add("/invoiced_on", "implausible", zh: "与交付日期相差过大", en: "Too far from the day of delivery")
        }
        if request.odometerKm < quote.request.sale.odometerKm {
            faults.add("/odometer_km", "below_last_reading", zh: "低于报价时的读数", en: "Below the reading of the quote")
        }
        try faults.throwIfAny()
    }

    private func offer(
        _ id: String,
        _ kind: WarrantyPlan.Kind,
        _ pointer: String,
        with tier: String?,
        _ request: IssueRequest,
        _ quote: Quote,
        _ sale: SaleFacts
    ) throws -> Quote.Offer {
        guard let offer = quote.offer(id), offer.plan.kind == kind else {
            throw Failure(
                .invalidRequest,
                faults: [Fault(pointer, "unknown_plan", zh: "报价中没有这个方案", en: "The quote has no such plan")]
            )
        }
        let eligibility = eligibility(offer.plan, for: sale, with: tier)
        guard eligibility.isEligible else {
            let faults = eligibility.reasons.map { clause in
                let (zh, en) = ("\(clause.id)：\(clause.text.zh)", "\(clause.id): \(clause.text.en)")
                return Fault(pointer, "condition_fails", zh: zh, en: en)
            }
            throw Failure(.notEligible, faults: faults)
        }
        guard request.acknowledged.contains(offer.wordingHash) else {
            let detail = Fault(
                "/acknowledged",
                "missing_hash",
                zh: "缺少 \(id) 的条款哈希 \(offer.wordingHash.hex)",
                en: "The hash of the wording of \(id) is missing: \(offer.wordingHash.hex)"
            )
            throw Failure(.wordingNotAcknowledged, faults: [detail])
        }
        return offer
    }

    /// The last gate: whatever was put together, the buyer of an eligible car has what the law grants, for nothing.
    package func checkFloor(of terms: ContractTerms) throws {
        for floor in floors(for: terms.sale) {
            let needed = Period(
                floor.term,
                from: floor.start(terms.sale.soldOn, terms.invoicedOn),
                at: terms.sale.odometerKm
            )
            guard let layer = terms.layers(of: .legalFloor).first(where: { $0.id == floor.id }), layer.price == .zero,
                layer.deductible == .zero, layer.limits == nil, layer.answersFrom == nil, !layer.isFollowing,
                layer.period.start <= needed.start, layer.period.end >= needed.end, layer.period.endKm >= needed.endKm
            else { throw Failure(.belowLegalFloor) }
        }
        let grantsFloor = !floors(for: terms.sale).isEmpty
        if grantsFloor, terms.tier?.id == carrier?.id, terms.tier?.price != .zero { throw Failure(.belowLegalFloor) }
    }

    // MARK: Layers

    private func floorLayers(_ sale: SaleFacts, _ request: IssueRequest) -> [CoverLayer] {
        floors(for: sale).map { floor in
            CoverLayer(
                payer: .legalFloor,
                id: floor.id,
                name: LocalizedText(zh: "法定保障", en: "What the law grants"),
                period: Period(floor.term, from: floor.start(sale.soldOn, request.invoicedOn), at: sale.odometerKm)
            )
        }
    }

    private func layer(_ offer: Quote.Offer, from start: CalendarDate, at startKm: Int64, waits: Bool) -> CoverLayer {
        let waiting = waits ? offer.plan.waiting : nil
        let first = start.adding(days: waiting?.days ?? 0)
        let period = Period(
            start: start,
            end: offer.plan.term.time.end(from: first),
            startKm: startKm,
            endKm: startKm + (waiting?.km ?? 0) + offer.plan.term.km
        )
        return CoverLayer(
            payer: .platform,
            id: offer.plan.id,
            name: offer.plan.name,
            period: period,
            // The day on which the waiting ends still waits: cover counts from the next.
            answersFrom: waiting == nil ? nil : first.adding(days: 1),
            answersFromKm: waiting.map { startKm + $0.km },
            deductible: offer.deductible,
            limits: offer.limits,
            lines: offer.lines,
            price: offer.price,
            wordingHash: offer.wordingHash
        )
    }

    private func layer(
        _ offer: Quote.Offer,
        _ choice: IssueRequest.ExtensionChoice,
        after tier: Period
    ) throws -> CoverLayer {
        let share = offer.plan.insurerShare ?? .whole
        let parts = try Money.split(offer.price, weights: [share.value, BasisPoints.whole.value - share.value])
        return CoverLayer(
            payer: .insurer,
            id: offer.plan.id,
            name: offer.plan.name,
            period: Period(offer.plan.term, from: tier.end, at: tier.endKm),
            isFollowing: true,
            deductible: offer.deductible,
            limits: offer.limits,
            lines: offer.lines,
            price: offer.price,
            policy: InsurerPolicy(
                insurer: choice.insurer,
                number: choice.policyNumber,
                premium: parts[0],
                commission: parts[1]
            ),
            wordingHash: offer.wordingHash
        )
    }
}

extension LegalFloor {
    /// A regional rule counts from the invoice; the later of both days is the buyer's, so that he never has less.
    func start(_ deliveredOn: CalendarDate, _ invoicedOn: CalendarDate) -> CalendarDate {
        regions == nil ? deliveredOn : max(deliveredOn, invoicedOn)
    }
}
