/// Holds that no car is worth more than one like it that is younger or less driven, whatever the tables say together.
///
/// Within the cells of the tables curves and slopes only fall (which is validated); a price can rise only where a cell
/// ends. So the least price at the ends of all cells before the car's own, in age and in kilometres, bounds it from
/// above, and the greatest at the beginnings of all cells behind it from below. Both bounds only fall, and so does
/// their middle: it is what the car is valued at, since either bound alone would be off to one side.
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

    /// What has to be added to what the tables say, so that the price falls.
    func shift(_ snapshot: Snapshot) -> Int64 {
        let own = effects(snapshot, ages: [snapshot.numbers[age]], kilometres: [snapshot.numbers[odometer]])[0]
        let before = effects(snapshot, ages: youngerAges(snapshot), kilometres: fewerKilometres(snapshot))
        let behind = effects(snapshot, ages: olderAges(snapshot), kilometres: moreKilometres(snapshot))
        let least = before.reduce(own, min)
        let greatest = behind.reduce(own, max)
        // Rounded down for every car alike: halves rounded to either side could rise by a millionth.
        return ((least + greatest) >> 1) - own
    }

    /// What the tables say of the car at each of these ages with each of these kilometres.
    private func effects(_ snapshot: Snapshot, ages: [Int64], kilometres: [Int64]) -> [Int64] {
        var probe = snapshot
        let kmEffects = kilometres.map { km -> Int64 in
            probe.numbers[odometer] = km
            return byOdometer.reduce(0) { $0 + $1.effect(probe) }
        }
        var effects: [Int64] = []
        effects.reserveCapacity(ages.count * kilometres.count)
        for value in ages {
            set(&probe, age: value, snapshot)
            let ageEffect = byAge.reduce(0) { $0 + $1.effect(probe) }
            for (column, km) in kilometres.enumerated() {
                probe.numbers[odometer] = km
                effects.append(byBoth.reduce(ageEffect + kmEffects[column]) { $0 + $1.effect(probe) })
            }
        }
        return effects
    }

    private func set(_ probe: inout Snapshot, age value: Int64, _ snapshot: Snapshot) {
        probe.numbers[age] = value
        guard snapshot.numbers[lag] != missing, value != missing else { return }
        probe.numbers[lag] = snapshot.numbers[lag] + snapshot.numbers[age] - value
    }

    private func youngerAges(_ snapshot: Snapshot) -> [Int64] {
        let own = snapshot.numbers[age]
        guard own != missing else { return [own] }
        var ends = Set(ageEdges.map { $0 - 1 })
        if snapshot.numbers[lag] != missing {
            let sum = snapshot.numbers[lag] + own
            for edge in lagEdges { ends.insert(sum - edge) }
        }
        return ends.filter { $0 >= 0 && $0 < own } + [own]
    }

    private func olderAges(_ snapshot: Snapshot) -> [Int64] {
        let own = snapshot.numbers[age]
        guard own != missing else { return [own] }
        var beginnings = Set(ageEdges)
        if snapshot.numbers[lag] != missing {
            let sum = snapshot.numbers[lag] + own
            for edge in lagEdges { beginnings.insert(sum - edge + 1) }
        }
        return beginnings.filter { $0 > own } + [own]
    }

    private func fewerKilometres(_ snapshot: Snapshot) -> [Int64] {
        let own = snapshot.numbers[odometer]
        guard own != missing else { return [own] }
        return odometerEdges.map { $0 - 1 }.filter { $0 >= 0 && $0 < own } + [own]
    }

    private func moreKilometres(_ snapshot: Snapshot) -> [Int64] {
        let own = snapshot.numbers[odometer]
        guard own != missing else { return [own] }
        return odometerEdges.filter { $0 > own } + [own]
    }
}
