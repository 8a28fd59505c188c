import Claims
import Core
import Support
import Testing

struct AssignmentTests {
    private let now = china("2026-03-02 09:00")

    private func handler(
        _ id: String,
        level: AuthorityLevel = .junior,
        skills: Set<Skill> = [.powertrain],
        until: String = "2026-12-31",
        vacations: [ClosedRange<CalendarDate>] = [],
        open: Int = 0,
        capacity: Int = 10,
        last: String? = nil
    ) -> Handler {
        Handler(
            id: id,
            level: level,
            skills: skills,
            certifiedUntil: day(until),
            vacations: vacations,
            open: open,
            capacity: capacity,
            lastAssignedAt: last.map(china)
        )
    }

    private func choose(_ handlers: [Handler], level: AuthorityLevel = .junior, excluded: Set<String> = [])
        -> Assignment.Outcome
    {
        let item = WorkItem(id: "clm_1", skill: .powertrain, level: level, excluded: excluded)
        return Assignment.choose(item, among: handlers, at: now)
    }

    @Test func `whoever has the smallest share of work gets it`() {
        #expect(choose([handler("a", open: 3), handler("b", open: 2)]) == .to("b"))
        // Four of ten are less than three of six.
        #expect(choose([handler("a", open: 3, capacity: 6), handler("b", open: 4)]) == .to("b"))
        let waiting = [handler("a", last: "2026-03-02 08:00"), handler("b", last: "2026-03-02 07:00")]
        #expect(choose(waiting) == .to("b"))
        #expect(choose(waiting + [handler("c")]) == .to("c"))
        #expect(choose([handler("b"), handler("a")]) == .to("a"))
    }

    @Test func `who cannot have it does not`() {
        let holiday = day("2026-02-20")...day("2026-03-02")
        #expect(choose([]) == .nobody(.noSkill))
        #expect(choose([handler("a", skills: [.body])]) == .nobody(.noSkill))
        #expect(choose([handler("a")], level: .senior) == .nobody(.noLevel))
        #expect(choose([handler("a", until: "2026-03-01")]) == .nobody(.noLevel))
        #expect(choose([handler("a")], excluded: ["a"]) == .nobody(.allExcluded))
        #expect(choose([handler("a", vacations: [holiday])]) == .nobody(.allAbsent))
        #expect(choose([handler("a", open: 10)]) == .nobody(.allBusy))
        #expect(choose([handler("a", open: 9), handler("b", open: 10)]) == .to("a"))
    }

    @Test func `over many claims the work is even`() {
        var open = ["a": 0, "b": 0, "c": 0]
        let capacity = ["a": 20, "b": 20, "c": 10]
        for _ in 0..<40 {
            let handlers = open.map { handler($0.key, open: $0.value, capacity: capacity[$0.key]!) }
            guard case .to(let id) = choose(handlers) else { continue }
            open[id, default: 0] += 1
        }
        #expect(open == ["a": 16, "b": 16, "c": 8])
    }

    @Test func `the claim's own adviser, inspector and deniers are left out`() throws {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        try claim.take(.reject(.sample), by: .senior)
        #expect(claim.workItem.excluded == ["usr_adviser", "usr_inspector", "usr_senior"])
        #expect(claim.workItem.skill == .powertrain)
    }

    static let skills = TextTable(
        """
        component       | skill
        engine.crank    | powertrain
        transmission    | powertrain
        brakes.pad      | chassis
        ev.battery      | electric_drive
        electrics.power | electrics
        climate         | electrics
        body.paint      | body
        vehicle         | warranty
        -               | warranty
        """
    )

    @Test(arguments: skills.rows) func `a part belongs to a skill`(_ row: TextTable.Row) {
        #expect(Skill(component: row["component"] == "-" ? nil : row["component"]).rawValue == row["skill"])
    }

    @Test func `what a claim is about decides before its part`() {
        #expect(Filing.sample(kind: .return).skill == .refund)
        #expect(Filing.sample(kind: .fraud).skill == .inspection)
        #expect(Filing.sample(kind: .description).skill == .inspection)
    }

    @Test func `what is due first is done first, and what nobody can date before it`() {
        let order = Assignment.next([
            ("c", china("2026-03-05 00:00")), ("b", china("2026-03-03 00:00")), ("d", nil),
            ("a", china("2026-03-03 00:00")),
        ])
        #expect(order == ["d", "a", "b", "c"])
    }

    @Test func `who is away leaves work to be taken over`() {
        let away = day("2026-03-02")...day("2026-03-09")
        let handlers = [
            handler("a", vacations: [away], open: 2), handler("b", vacations: [away]), handler("c", open: 3),
            handler("d", until: "2026-03-01", open: 1),
        ]
        #expect(Assignment.absent(handlers, at: now).map(\.id) == ["a", "d"])
    }
}
