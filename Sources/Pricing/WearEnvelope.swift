/// Holds that no car is worth more than one like it that is younger or less driven, whatever the tables say together.
///
/// Within the cells of the tables curves and slopes only fall (which is validated); a price can rise only where a cell
/// ends. So the least price at the ends of all cells before the car's own, in age and in kilometres, bounds it.
struct WearEnvelope: Sendable {
    private let byAge: [CompiledRule]
    private let byOdometer: [CompiledRule]
    private let byBoth: [CompiledRule]
    private let age: Int
    private let lag: Int
    private let odometer: Int
    private let ageEdges: [Int64]
    private let lagEdges: [Int64]
    private let odometerEdges: [Int64]

    init(rules: [CompiledRule], age: Int, lag: Int, odometer: Int) {
        self.age = age
        self.lag = lag
        self.odometer = odometer
        byAge = rules.filter { $0.wears == .age }
        byOdometer = rules.filter { $0.wears == .odometer }
        byBoth = rules.filter { $0.wears == [.age, .odometer] }
        ageEdges = Set(rules.flatMap { $0.steps(slot: age) }).sorted()
        lagEdges = Set(rules.flatMap { $0.steps(slot: lag) }).sorted()
        odometerEdges = Set(rules.flatMap { $0.steps(slot: odometer) }).sorted()
    }

    /// Zero, or below it.
    func reduction(_ snapshot: Snapshot) -> Int64 {
        let ages = ages(snapshot)
        let kilometres = kilometres(snapshot)
        var probe = snapshot
        let ageEffects = ages.map { value -> Int64 in
            set(&probe, age: value, snapshot)
            return byAge.reduce(0) { $0 + $1.effect(probe) }
        }
        probe = snapshot
        let kmEffects = kilometres.map { value -> Int64 in
            probe.numbers[odometer] = value
            return byOdometer.reduce(0) { $0 + $1.effect(probe) }
        }
        var least = Int64.max
        var own: Int64 = 0
        for (row, value) in ages.enumerated() {
            set(&probe, age: value, snapshot)
            for (column, km) in kilometres.enumerated() {
                probe.numbers[odometer] = km
                own = byBoth.reduce(ageEffects[row] + kmEffects[column]) { $0 + $1.effect(probe) }
                least = min(least, own)
            }
        }
        // The car itself comes last.
        return least - own
    }

    private func set(_ probe: inout Snapshot, age value: Int64, _ snapshot: Snapshot) {
        probe.numbers[age] = value
        guard snapshot.numbers[lag] != missing, value != missing else { return }
        probe.numbers[lag] = snapshot.numbers[lag] + snapshot.numbers[age] - value
    }

    private func ages(_ snapshot: Snapshot) -> [Int64] {
        let own = snapshot.numbers[age]
        guard own != missing else { return [own] }
        var ends = Set(ageEdges.map { $0 - 1 })
        if snapshot.numbers[lag] != missing {
            let sum = snapshot.numbers[lag] + own
            for edge in lagEdges { ends.insert(sum - edge) }
        }
        return ends.filter { $0 >= 0 && $0 < own }.sorted() + [own]
    }

    private func kilometres(_ snapshot: Snapshot) -> [Int64] {
        let own = snapshot.numbers[odometer]
        guard own != missing else { return [own] }
        return odometerEdges.map { $0 - 1 }.filter { $0 >= 0 && $0 < own } + [own]
    }
}
