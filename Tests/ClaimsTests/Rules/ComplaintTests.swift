import Claims
import Core
import Support
import Testing

extension Complaint {
    static func sample(
        _ number: UInt64,
        at: String = "2026-03-02 09:00",
        vin: VIN? = nil,
        customer: String? = nil,
        dealer: String? = nil,
        component: String? = nil,
        category: Category = .quality,
        signs: Set<Sign> = []
    ) -> Complaint {
        var random = SeededRandom(seed: number)
        return Complaint(
            id: ComplaintID(at: china(at), using: &random),
            at: china(at),
            customer: customer ?? "usr_\(number)",
            vin: vin,
            dealer: dealer,
            component: component,
            category: category,
            signs: signs
        )
    }
}

struct ComplaintTests {
    static let words = TextTable(
        """
        text                           | category       | signs             | word     | severity
        刹车失灵，差点出事             | safety         | -                 | 刹车失灵 | critical
        报告写没事故，结果是泡水车     | disclosure     | -                 | 泡水     | high
        你们泄露我的电话，天天骚扰     | privacy        | -                 | 泄露     | high
        理赔拖了半个月，我要打12315    | claim_handling | regulator         | 理赔     | high
        修了三周还没修好               | repair_delay   | -                 | 修了     | medium
        质保条款看不懂                 | warranty       | -                 | 质保     | low
        过户办了十天                   | transfer       | -                 | 过户     | low
        乱收费，多收了服务费           | price          | -                 | 乱收费   | medium
        变速箱顿挫，第二次了           | quality        | repeat            | 顿挫     | high
        在高速上抛锚，发动机异响       | quality        | breakdown         | 异响     | high
        态度差，一群骗子               | service        | anger             | 态度     | low
        气囊弹出，人受伤住院，找律师   | safety         | injury lawyer     | 气囊     | critical
        随便说说                       | service        | -                 | -        | low
        Engine NOISE again             | quality        | repeat            | noise    | high
        """
    )

    @Test(arguments: words.rows) func `the words say what it is about`(_ row: TextTable.Row) {
        let reading = ComplaintWords.read(row["text"])
        #expect(reading.category.rawValue == row["category"])
        #expect(reading.word ?? "-" == row["word"])
        let signs = row["signs"] == "-" ? [] : row["signs"].split(separator: " ").map(String.init)
        #expect(Set(reading.signs.map(\.rawValue)) == Set(signs))
        let complaint = Complaint.sample(1, category: reading.category, signs: reading.signs)
        #expect(complaint.severity.rawValue == row["severity"])
    }

    static let clocks = TextTable(
        """
        category       | sign      | clocks
        service        | -         | complaint_callback complaint_fix response result_notice
        price          | regulator | complaint_callback complaint_fix response result_notice
        repair_delay   | -         | complaint_callback complaint_fix response result_notice after_sales
        quality        | breakdown | urgent complaint_callback complaint_fix response result_notice after_sales
        safety         | -         | urgent complaint_callback complaint_fix response result_notice
        """
    )

    @Test(arguments: clocks.rows) func `each class has its clocks`(_ row: TextTable.Row) {
        let signs: Set<Complaint.Sign> = row["sign"] == "-" ? [] : [Complaint.Sign(rawValue: row["sign"])!]
        let complaint = Complaint.sample(1, category: .init(rawValue: row["category"])!, signs: signs)
        #expect(complaint.clocks.map(\.rawValue).joined(separator: " ") == row["clocks"])
    }

    @Test func `a complaint runs every clock that its class has`() {
        let complaint = Complaint.sample(1, category: .repairDelay, signs: [.breakdown])
        let met: [ClockKind: Instant] = [.urgent: china("2026-03-02 09:20")]
        let readings = complaint.clockRuns(met: met).compactMap {
            ClockPolicies.shipped.read($0, at: china("2026-03-02 12:00"))
        }
        #expect(readings.map(\.run.kind) == complaint.clocks)
        let breached = readings.filter { $0.isBreached(at: china("2026-03-02 12:00")) }.map(\.run.kind)
        #expect(breached == [.complaintCallback, .afterSales])
    }

    @Test func `a complaint is read as it was written`() throws {
        let complaint = Complaint.sample(4, vin: sampleVIN, component: "engine", signs: [.media, .anger])
        #expect(try Complaint(json: complaint.json) == complaint)
        #expect(try Complaint(json: Complaint.sample(5).json) == .sample(5))
        let unknown = complaint.json.members!.map { $0.name == "signs" ? JSON.Member("signs", ["x"]) : $0 }
        #expect(throws: Failure.self) { try Complaint(json: .object(unknown)) }
    }

    @Test func `severity goes to its level`() {
        #expect(Severity.allCases.map(\.level) == AuthorityLevel.allCases)
        #expect(Severity.allCases == Severity.allCases.sorted())
    }

    // MARK: Batches

    @Test func `three cars with one part within a month are a batch`() {
        let part = "transmission.gearbox.mechatronic"
        let complaints = [
            Complaint.sample(1, at: "2026-03-01 00:00", dealer: "org_a", component: part),
            .sample(2, at: "2026-03-16 00:00", dealer: "org_b", component: part),
            .sample(3, at: "2026-03-31 00:00", dealer: "org_c", component: part),
            .sample(4, at: "2026-06-01 00:00", dealer: "org_a", component: part),
            .sample(5, at: "2026-03-05 00:00", dealer: "org_a", component: "brakes.caliper"),
        ]
        let batches = BatchRule.proposal2026.batches(in: complaints.shuffled())
        #expect(batches.map(\.key) == [.component(part)])
        #expect(batches[0].complaints == complaints.prefix(3).map(\.id))
        #expect(batches[0].from == complaints[0].at && batches[0].to == complaints[2].at)
        let late = Complaint.sample(3, at: "2026-03-31 00:00:01", component: part)
        #expect(BatchRule.proposal2026.batches(in: [complaints[0], complaints[1], late]).isEmpty)
    }

    @Test func `one who complains three times is no batch`() {
        let same = (1...3).map { Complaint.sample($0, vin: sampleVIN, dealer: "org_a", component: "engine") }
        #expect(BatchRule.proposal2026.batches(in: same).isEmpty)
        let person = (1...3).map { Complaint.sample($0, customer: "usr_1", dealer: "org_a") }
        #expect(BatchRule.proposal2026.batches(in: person).isEmpty)
        let three = (1...3).map { Complaint.sample($0, dealer: "org_a", component: "engine") }
        #expect(BatchRule.proposal2026.batches(in: three).map(\.key) == [.component("engine"), .dealer("org_a")])
        #expect(BatchRule.proposal2026.batches(in: []).isEmpty)
    }

    // MARK: Repeats

    @Test func `repeats lead to the first of their cause`() {
        let first = Complaint.sample(1, at: "2026-03-01 00:00", vin: sampleVIN, component: "engine")
        let second = Complaint.sample(
            2,
            at: "2026-03-20 00:00",
            vin: sampleVIN,
            component: "engine",
            category: .service
        )
        let third = Complaint.sample(3, at: "2026-06-10 00:00", vin: sampleVIN, component: "engine")
        let other = Complaint.sample(4, at: "2026-03-21 00:00", vin: sampleVIN, component: "brakes", category: .price)
        let late = Complaint.sample(5, at: "2026-12-01 00:00", vin: sampleVIN, component: "engine")
        let roots = RepeatLinks.roots(of: [late, other, third, second, first])
        #expect(roots[first.id] == first.id && roots[second.id] == first.id)
        #expect(roots[third.id] == first.id)
        #expect(roots[other.id] == other.id && roots[late.id] == late.id)
    }

    @Test(arguments: UInt64(1)...5) func `a root is its own root, and never later`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let complaints = (0..<120).map { number in
            Complaint.sample(
                UInt64(number) + seed * 1_000,
                at: "2026-0\(Int.random(in: 1...9, using: &random))-1\(Int.random(in: 0...9, using: &random)) 08:00",
                customer: "usr_\(Int.random(in: 1...12, using: &random))",
                component: ["engine", "brakes", nil].randomElement(using: &random)!,
                category: Complaint.Category.allCases.randomElement(using: &random)!
            )
        }
        let roots = RepeatLinks.roots(of: complaints)
        let byID = Dictionary(uniqueKeysWithValues: complaints.map { ($0.id, $0) })
        #expect(roots.count == complaints.count)
        for complaint in complaints {
            let root = roots[complaint.id]!
            #expect(roots[root] == root)
            #expect(byID[root]!.at <= complaint.at)
        }
        #expect(RepeatLinks.roots(of: complaints.shuffled(using: &random)) == roots)
    }
}
