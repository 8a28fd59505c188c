import Claims
import Core
import Support
import Testing
import Warranty

struct AdjudicationTests {
    /// The sample, changed in one respect, and what comes of it.
    private func assess(
        _ contract: Contract? = nil,
        _ change: (inout AdjudicationCase) -> Void = { _ in }
    ) throws -> Assessment {
        var claim = AdjudicationCase.sample(try contract ?? .sample())
        change(&claim)
        let assessment = try adjudicator.assess(claim)
        assessment.expectSums()
        return assessment
    }

    private func codes(_ assessment: Assessment, _ outcome: CheckFinding.Outcome) -> [String] {
        assessment.findings.filter { $0.outcome == outcome }.map { "\($0.check.number) \($0.code?.rawValue ?? "-")" }
    }

    @Test func `a small and clean claim is proposed by itself`() throws {
        let assessment = try assess()
        #expect(assessment.disposition == .payAsIs)
        #expect(assessment.isAutomatic && assessment.level == .junior && assessment.signatures == 1)
        #expect(assessment.payable == fen(yuan: 350) && assessment.payer == .platform)
        #expect(assessment.findings.map(\.check) == ClaimCheck.allCases)
        #expect(assessment.findings.allSatisfy { $0.outcome == .passed })
        let offer = try #require(assessment.offer(.payment, validUntil: china("2026-06-10 00:00")))
        #expect(offer.total == assessment.payable && offer.isAutomatic)
        #expect(ClaimCheck.allCases.map(\.number) == Array(1...16))
    }

    @Test func `outside the envelope somebody proposes it`() throws {
        let changes: [(inout AdjudicationCase) -> Void] = [
            { $0.evidence = [photo] },
            { $0.lines[0] = .part("engine.crank.crankshaft", yuan: 221) },
            { $0.lines[1] = .work("crank", 1_001) },
            { $0.fraud.daysSinceStart = 3 },
            { $0.lines.append(.part("engine.service.oil", yuan: 60, 5_000, id: "oil", role: .auxiliary)) },
        ]
        for change in changes { #expect(try !assess(nil, change).isAutomatic) }
    }

    @Test func `1, identity: car, plate and odometer`() throws {
        let other = try VIN(parsing: "LFV3A23C2H3181097")
        #expect(try codes(assess { $0.vin = other }, .denied) == ["1 vin_differs"])
        #expect(try codes(assess { $0.question.date = day("2026-01-09") }, .denied) == ["1 before_sale"])
        let plates = AdjudicationCase.Plates(claimed: "苏A12345", registered: "苏A54321")
        #expect(try codes(assess { $0.plates = plates }, .referred) == ["1 plate_differs"])
        let low = try assess { $0.question.odometerKm = 69_000 }
        #expect(codes(low, .referred).first == "1 odometer_below_ledger" && low.fraudFlags.contains(.odometer))
        let reading = CoverageQuestion.Reading(date: day("2026-05-31"), km: 72_000)
        #expect(try codes(assess { $0.question.lastReading = reading }, .referred).first == "1 odometer_implausible")
    }

    @Test func `2, contract: in force on the day`() throws {
        #expect(try codes(assess { $0.question.date = day("2027-06-01") }, .denied) == ["2 expired_by_date"])
        #expect(try codes(assess { $0.question.odometerKm = 95_000 }, .denied) == ["2 expired_by_odometer"])
        let early = try assess {
            $0.question.date = day("2026-01-11")
            $0.question.odometerKm = 70_010
        }
        #expect(codes(early, .denied) == ["2 waiting_period"])
        // For a while after the end somebody may be obliging; nobody has to.
        let late = try assess { $0.question.date = day("2027-02-01") }
        #expect(codes(late, .noted) == ["2 expired_by_date"] && late.payer == .goodwill && late.disposition == .manual)
    }

    @Test func `3, another pays first: a recall, the maker`() throws {
        let recall = CoverageQuestion.OpenRecall(campaign: "R1", component: book.tree["engine"])
        let recalled = try assess { $0.question.openRecalls = [recall] }
        #expect(recalled.disposition == .otherPayer && recalled.payer == .recall && recalled.payable == .zero)
        let young = try assess(.sample(.young)) { $0.question.odometerKm = 33_000 }
        #expect(young.disposition == .otherPayer && young.payer == .manufacturer)
        let unknown = CoverageQuestion.OpenRecall(campaign: "R2", component: nil)
        #expect(try codes(assess { $0.question.openRecalls = [unknown] }, .referred) == ["3 other_payer"])
    }

    @Test func `4, cover follows the part that failed`() throws {
        let pads = try assess { $0.question.component = book.tree["brakes.pad"]! }
        #expect(codes(pads, .denied) == ["4 part_not_covered"])
        #expect(pads.rejection?.clause.isEmpty == false && pads.rejection?.code == .partNotCovered)
        let gasket = try assess { $0.question.component = book.tree["engine.seals.head_gasket"]! }
        #expect(codes(gasket, .referred) == ["4 condition_unproven"])
        let shown = try assess {
            $0.question.component = book.tree["engine.seals.head_gasket"]!
            $0.isConditionShown = true
        }
        #expect(shown.disposition == .payAsIs)
        // Oil goes with the repair; a damper does not.
        let lines = try assess {
            $0.lines.append(.part("engine.service.oil", yuan: 60, 4_000, id: "oil", role: .auxiliary))
            $0.lines.append(.part("suspension.damper", yuan: 400, id: "damper", role: .unrelated))
        }
        #expect(codes(lines, .adjusted) == ["4 line_unrelated"])
        #expect(lines.lines.map(\.payable) == [fen(yuan: 200), fen(yuan: 150), fen(yuan: 240), .zero])
    }

    @Test func `5, nothing is taken apart unasked, but for an emergency`() throws {
        #expect(try codes(assess { $0.authorization = .missing }, .denied) == ["5 not_authorized"])
        #expect(try assess { $0.authorization = .notNeeded }.disposition == .payAsIs)
        let emergency = try assess {
            $0.authorization = .emergency
            $0.lines = [.part("engine.crank.crankshaft", yuan: 200), .work("crank", 10_000)]
        }
        #expect(codes(emergency, .adjusted).first == "5 emergency_cap")
        #expect(emergency.payable <= fen(yuan: 1_000))
    }

    @Test func `6, what was there at delivery is the dealer's unless it said so`() throws {
        let old = try assess { $0.faultSince = day("2026-01-05") }
        #expect(codes(old, .noted) == ["6 dealer_bears"] && old.isDealerLiable)
        let sound = try assess {
            $0.faultSince = day("2026-01-05")
            $0.deliveryItem = .sound
        }
        #expect(sound.isDealerLiable && sound.disposition == .payAsIs)
        #expect(try codes(assess { $0.deliveryItem = .disclosedDefect }, .denied) == ["6 pre_existing_disclosed"])
        #expect(try !assess { $0.faultSince = day("2026-01-10") }.isDealerLiable)
    }

    @Test func `7, missed maintenance counts only where it was the cause`() throws {
        func maintenance(_ km: Int64, _ isCausal: Bool) throws -> Assessment {
            try assess { $0.maintenance = .init(intervalKm: 10_000, kmSinceService: km, isCausal: isCausal) }
        }
        #expect(try maintenance(13_000, true).disposition == .payAsIs)
        #expect(try codes(maintenance(13_001, true), .denied) == ["7 maintenance_causal"])
        #expect(try codes(maintenance(13_001, false), .noted) == ["7 maintenance_missed"])
        #expect(try maintenance(13_001, false).disposition == .payAsIs)
    }

    @Test func `8, parts: price, grade, quantity`() throws {
        let dear = try assess { $0.lines[0] = .part("engine.crank.crankshaft", yuan: 300) }
        #expect(codes(dear, .adjusted) == ["8 part_price"] && dear.lines[0].payable == fen(yuan: 220))
        #expect(dear.disposition == .payWithChanges)
        let many = try assess { $0.lines[0] = .part("engine.crank.crankshaft", yuan: 200, 2_000) }
        #expect(codes(many, .adjusted) == ["8 part_quantity"] && many.lines[0].payable == fen(yuan: 200))
        #expect(many.fraudFlags == [.quantityAboveNeed])
        let both = try assess { $0.lines[0] = .part("engine.crank.crankshaft", yuan: 300, 2_000) }
        #expect(both.lines[0].payable == fen(yuan: 220) && both.lines[0].reasons == [.partQuantity, .partPrice])
        let used = ClaimLine(
            id: "p",
            kind: .part,
            component: "engine.crank.crankshaft",
            unitPrice: fen(yuan: 100),
            grade: .used
        )
        #expect(try codes(assess { $0.lines[0] = used }, .referred) == ["8 part_grade"])
        let unknown = try assess { $0.lines[0] = .part("engine.crank.piston", yuan: 100) }
        #expect(codes(unknown, .referred) == ["8 part_unknown"] && unknown.disposition == .manual)
    }

    @Test func `9, labour: hours, rate, what is done along with it`() throws {
        func lines(_ lines: [ClaimLine]) throws -> Assessment { try assess { $0.lines = lines } }
        #expect(try lines([.work("crank", 1_500)]).payable == fen(yuan: 150))
        #expect(try lines([.work("crank", 1_000, yuan: 200)]).payable == fen(yuan: 150))
        #expect(try lines([.work("crank", 600)]).payable == fen(yuan: 90))
        let included = try lines([.work("head", 500, id: "a"), .work("crank", 1_000, id: "b")])
        #expect(included.lines.map(\.payable) == [.zero, fen(yuan: 150)])
        #expect(included.lines[0].reasons == [.labourOverlap])
        let twice = try lines([.work("crank", 1_000, id: "a"), .work("crank", 1_000, id: "b")])
        #expect(twice.lines.map(\.payable) == [fen(yuan: 150), .zero])
        // The engine is taken out once: the shorter way there is inside the longer.
        let access = try lines([.work("pump", 800, id: "a"), .work("crank", 1_000, id: "b")])
        #expect(access.lines.map(\.payable) == [fen(yuan: 75), fen(yuan: 150)])
        #expect(try codes(lines([.work("nobody-knows", 1_000)]), .referred) == ["9 operation_unknown"])
    }

    @Test func `10, betterment by the table that was shown, of wearing parts`() throws {
        func damper(_ disclosed: String?, km: Int64 = 72_000) throws -> Assessment {
            try assess {
                $0.question.component = book.tree["suspension.damper"]!
                $0.lines = [.part("suspension.damper", yuan: 333, 2_000), .work("damper", 1_000)]
                $0.used = ["suspension.damper": BettermentTable.Life(km: km, months: 24)]
                $0.disclosedBetterment = disclosed
            }
        }
        let isWearing = book.tree["suspension.damper"]?.kind == .wear
        let version = AdjudicationPolicy.proposal2026.betterment.version
        let shown = try damper(version)
        // 72,000 of 120,000 km are 60 %, less 30 % of grace.
        #expect(shown.lines[0].betterment == (isWearing ? Money(fen: 19_980) : .zero))
        #expect(shown.lines[1].betterment == .zero)
        let hidden = try damper(nil)
        #expect(hidden.lines[0].betterment == .zero)
        #expect(codes(hidden, .noted) == (isWearing ? ["10 betterment_undisclosed"] : []))
        #expect(try damper(version, km: 30_000).lines[0].betterment == .zero)
    }

    static let lives = TextTable(
        """
        component                | km     | months | share
        suspension.damper        | 72000  | 24     | 3000
        suspension.damper        | 36000  | 28     | 0
        suspension.damper        | 36001  | 0      | 0
        suspension.damper        | 0      | 48     | 2000
        suspension.damper        | 999999 | 999    | 7000
        suspension.damper        | -5     | -5     | 0
        transmission.clutch.disc | 60000  | 0      | 2000
        engine.crank.crankshaft  | 900000 | 900    | 0
        """
    )

    @Test(arguments: lives.rows) func `the buyer's share of a part's life`(_ row: TextTable.Row) {
        let used = BettermentTable.Life(km: Int64(row["km"])!, months: Int64(row["months"])!)
        let share = BettermentTable.proposal2026.buyersShare(of: row["component"], used: used)
        #expect("\(share.value)" == row["share"])
    }

    @Test func `11, the deductible is taken once a visit`() throws {
        let deductible = try #require(book.plan("plus")?.deductibles.first { $0 > .zero })
        let contract = try Contract.sample(deductible: deductible)
        func taken(_ before: Money) throws -> Assessment {
            try assess(contract) {
                $0.deductibleTaken = before
                $0.lines = [.part("engine.crank.crankshaft", yuan: 200), .work("crank", 1_000)]
                $0.lines += (0..<6).map {
                    .part("engine.seals.head_gasket", yuan: 49, 3_000, id: "g\($0)", role: .auxiliary)
                }
            }
        }
        let first = try taken(.zero)
        #expect(first.lines.reduce(0) { $0 + $1.deductible.fen } == deductible.fen)
        #expect(codes(first, .adjusted) == ["11 deductible"] && !first.isAutomatic)
        #expect(try taken(deductible).lines.allSatisfy { $0.deductible == .zero })
        let nothing = try assess(contract) { $0.lines = [.part("engine.crank.crankshaft", yuan: 1)] }
        #expect(codes(nothing, .denied) == ["16 nothing_to_pay"] && nothing.payable == .zero)
    }

    @Test func `12, never more than the limits leave or the car is worth`() throws {
        let contract = try Contract.sample()
        let layer = try #require(contract.terms.tier)
        var account = LimitAccount(try #require(layer.limits))
        try account.reserve(account.left(for: "clm_0", "engine.crank"), for: "clm_0", "engine.crank")
        let used = try assess(contract) { $0.accounts = [layer.id: account] }
        #expect(codes(used, .denied) == ["16 nothing_to_pay"])
        let worthless = try assess(contract) { $0.marketValue = fen(yuan: 100) }
        #expect(codes(worthless, .adjusted) == ["12 limit"] && worthless.payable == fen(yuan: 100))
        #expect(worthless.lines.map(\.overLimit.fen) == [14_286, 10_714])
        #expect(worthless.limitUnit == "engine.crank")
    }

    @Test func `13, the tax that is in it`() throws {
        let taxed = try assess { $0.taxRate = BasisPoints(1_300) }
        #expect(taxed.tax == Money(fen: 4_027) && taxed.payable == fen(yuan: 350))
        #expect(try codes(assess { $0.taxRate = BasisPoints(1_700) }, .referred) == ["13 tax_rate"])
    }

    @Test func `14, what looks odd goes to a senior`() throws {
        let odd = try assess { $0.fraud.isPhotoReused = true }
        #expect(odd.disposition == .manual && odd.level == .senior && odd.fraudScore == 60)
        let slight = try assess { $0.fraud.isWorkOutOfHours = true }
        #expect(
            slight.disposition == .payAsIs && !slight.isAutomatic && codes(slight, .noted) == ["14 fraud_suspected"]
        )
    }

    @Test func `15, who decides`() throws {
        func level(_ yuan: Int64) throws -> (AuthorityLevel?, Int) {
            let guide = RepairGuide(
                version: "g",
                parts: ["engine.crank.crankshaft": .init(price: fen(yuan: yuan), grades: [.original])],
                operations: [],
                hourlyRateMaximum: fen(yuan: 1),
                priceTolerance: BasisPoints(0),
                source: .ownProposal
            )
            let lines = [ClaimLine.part("engine.crank.crankshaft", yuan: yuan)]
            let claim = AdjudicationCase.sample(try .sample(), lines: lines)
            let assessment = try Adjudicator(book: book, guide: guide).assess(claim)
            return (assessment.level, assessment.signatures)
        }
        #expect(try level(500) == (.junior, 1))
        #expect(try level(501) == (.intermediate, 1))
        #expect(try level(9_000) == (.senior, 1))
        #expect(try level(12_000) == (.manager, 1))
    }

    @Test func `what the law grants knows no deductible, no limit and no authorization`() throws {
        var sale = SaleFacts.young
        sale.makersPromise = nil
        let contract = try Contract.sample(sale)
        #expect(!contract.terms.layers(of: .legalFloor).isEmpty)
        let byLaw = try assess(contract) {
            // The maker's warranty has been driven out; the law's floor has not.
            $0.question.date = day("2026-02-01")
            $0.question.odometerKm = 31_000
            $0.authorization = .missing
            $0.deductibleTaken = .zero
        }
        if byLaw.payer == .legalFloor {
            #expect(byLaw.isDealerLiable && byLaw.payable == fen(yuan: 350))
        } else {
            #expect(byLaw.payer == .manufacturer)
        }
    }

    @Test func `lines that no claim has are refused`() throws {
        let contract = try Contract.sample()
        let line = ClaimLine.part("engine.crank.crankshaft", yuan: 1)
        let broken: [[ClaimLine]] = [
            [], [line, line], [.part("engine.crank.crankshaft", yuan: 1, 0)],
            [.part("engine.crank.crankshaft", yuan: -1)], [.part("engine.crank.crankshaft", yuan: 1_000_001)],
            (0...Adjudicator.linesMaximum).map { .part("engine.crank.crankshaft", yuan: 1, id: "\($0)") },
        ]
        for lines in broken {
            let claim = AdjudicationCase.sample(contract, lines: lines)
            #expect(failure { _ = try adjudicator.assess(claim) } == .adjudicationInvalid)
        }
    }

    @Test func `every reason has words, and every flag its weight`() {
        for code in ReasonCode.allCases {
            #expect(code.text.zh != code.rawValue && code.text.en != code.rawValue, "\(code)")
            #expect(code.text.zh.unicodeScalars.contains { $0.properties.isIdeographic })
        }
        #expect(Set(FraudRules.proposal2026.points.keys) == Set(FraudFlag.allCases))
        let policy = AdjudicationPolicy.proposal2026
        let sources = [policy.source, policy.betterment.source, policy.fraud.source, policy.authority.source]
        #expect(sources.allSatisfy { $0.basis == .ownProposal })
        #expect(policy.taxSource.basis == .recalledNotRead)
    }
}

extension Assessment {
    /// Every line and the whole add up, to the fen.
    func expectSums() {
        for line in lines {
            let parts = [line.cut, line.betterment, line.deductible, line.overLimit, line.payable]
            #expect(parts.allSatisfy { $0 >= .zero })
            #expect(parts.reduce(0) { $0 + $1.fen } == line.asked.fen)
        }
        #expect(payable <= asked && tax <= payable)
        if disposition == .deny || disposition == .otherPayer { #expect(payable == .zero) }
        if isAutomatic {
            #expect(level == .junior && fraudScore == 0 && disposition == .payAsIs || disposition == .payWithChanges)
        }
        #expect((rejection != nil) == (disposition == .deny))
    }
}
