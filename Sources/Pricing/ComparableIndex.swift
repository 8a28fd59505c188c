package import Core

/// Sales by what they are of, in memory and in columns, so that an estimate reads tens of them, however many there are.
package struct ComparableIndex: Sendable {
    private let estimator: Estimator
    private let rules: ComparableRules
    private let agreements: [(input: String, weight: Int64)]

    // One entry for each sale.
    private var gaps: [Int32] = []
    private var days: [Int32] = []
    private var prices: [Int64] = []
    private var vehicles: [UInt64] = []
    private var odometers: [Int32] = []
    private var ages: [Int32] = []
    /// For each text that may agree its label, by number.
    private var texts: [[Int32]]
    private var textNumbers: [[String: Int32]]

    /// The sales of a trim line or a series of one model year, the latest last.
    private var trims: [Key: [Int32]] = [:]
    private var series: [Key: [Int32]] = [:]
    private var brands: [UInt64: MonthlyGaps] = [:]
    private var market = MonthlyGaps()

    private struct Key: Hashable {
        let name: UInt64
        let year: Int32
    }

    package init(_ estimator: Estimator) {
        self.estimator = estimator
        rules = estimator.ruleSet.comparables
        agreements = rules.agreement.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        texts = Array(repeating: [], count: agreements.count)
        textNumbers = Array(repeating: [:], count: agreements.count)
    }

    package var count: Int { gaps.count }

    /// - Returns: whether it can be compared: a sale without price, or for which the rules have no reference, cannot.
    @discardableResult
    package mutating func add(_ sale: Sale) -> Bool {
        guard let gap = estimator.gap(of: sale) else { return false }
        let row = Int32(gaps.count)
        let day = Int32(sale.soldOn.daysSinceEpoch)
        gaps.append(Int32(clamping: gap))
        days.append(day)
        prices.append(sale.priceFen)
        vehicles.append(sale.vehicle)
        odometers.append(Int32(clamping: sale.car.odometerKm ?? -1))
        ages.append(Int32(clamping: sale.car.ageDays(on: sale.soldOn) ?? -1))
        for index in agreements.indices { texts[index].append(textNumber(sale.car, index)) }
        let year = Int32(clamping: sale.car.modelYear ?? 0)
        if let name = sale.car.trimLineKey {
            ComparableIndex.insert(row, days, into: &trims, Key(name: VehicleKey.hash([name]), year: year))
        }
        if let name = sale.car.seriesKey {
            ComparableIndex.insert(row, days, into: &series, Key(name: VehicleKey.hash([name]), year: year))
        }
        let bounded = min(max(gap, -MonthlyGaps.bound), MonthlyGaps.bound)
        if let brand = sale.car.brand { brands[VehicleKey.hash([brand]), default: MonthlyGaps()].add(bounded, day) }
        market.add(bounded, day)
        return true
    }

    private mutating func textNumber(_ car: CarFacts, _ index: Int) -> Int32 {
        guard let label = car.label(agreements[index].input) else { return -1 }
        let next = Int32(textNumbers[index].count)
        return textNumbers[index][label]
            ?? {
                textNumbers[index][label] = next
                return next
            }()
    }

    /// Not of the instance: reading it here would keep a second hold on `groups`, and every sale would copy them all.
    private static func insert(_ row: Int32, _ days: [Int32], into groups: inout [Key: [Int32]], _ key: Key) {
        let day = days[Int(row)]
        groups[key, default: []].insertSorted(row) { days[Int($0)] <= day }
    }

    // MARK: - Reading

    /// What the sales around `day` say of the car. Those of the vehicle itself say nothing.
    ///
    /// - Parameter isForward: whether only sales up to `day` count. Prices of today have none after it; a back-test may
    ///   ask either way.
    package func evidence(
        for car: CarFacts,
        on day: CalendarDate,
        excluding vehicle: UInt64? = nil,
        isForward: Bool = true
    ) -> Evidence {
        let subject = Subject(
            day: Int32(day.daysSinceEpoch),
            year: Int32(clamping: car.modelYear ?? 0),
            vehicle: vehicle,
            isForward: isForward,
            texts: agreements.indices.map { index in
                car.label(agreements[index].input).flatMap { textNumbers[index][$0] } ?? -2
            }
        )
        var evidence = Evidence()
        let market = market.mean(around: subject.day, isForward: isForward, rules)
        evidence.gap = LogScale.scaled(market.gap, market.weight, by: market.weight + rules.marketPrior)
        if market.weight > 0 { evidence.standing = .market }
        if let brand = car.brand, let gaps = brands[VehicleKey.hash([brand])] {
            let mean = gaps.mean(around: subject.day, isForward: isForward, rules)
            evidence.gap = pooled(mean, evidence.gap, rules.brandPrior)
            if mean.weight > 0 { evidence.standing = .brand }
        }
        let ofSeries = car.seriesKey.map { read(series, VehicleKey.hash([$0]), subject) } ?? []
        use(ofSeries, .series, prior: rules.seriesPrior, level: \.series, &evidence)
        let ofTrim = car.trimLineKey.map { read(trims, VehicleKey.hash([$0]), subject) } ?? []
        use(ofTrim, .trim, prior: rules.trimPrior, level: \.trim, &evidence)
        // What is of the trim is of the series, too, and is told once.
        let told = Set(ofTrim.map(\.row))
        evidence.comparables = ofTrim.map { comparable($0, .trim) }
        evidence.comparables += ofSeries.filter { !told.contains($0.row) }.map { comparable($0, .series) }
        return evidence
    }

    private struct Subject {
        let day: Int32
        let year: Int32
        let vehicle: UInt64?
        let isForward: Bool
        let texts: [Int32]
    }

    struct Weighted {
        let row: Int32
        let weight: Int64
    }

    private func read(_ groups: [Key: [Int32]], _ name: UInt64, _ subject: Subject) -> [Weighted] {
        var found: [Weighted] = []
        for (distance, yearWeight) in rules.modelYearWeights.enumerated() {
            let years =
                distance == 0 ? [subject.year] : [subject.year - Int32(distance), subject.year + Int32(distance)]
            for year in years where found.count < rules.maximumRead {
                guard let rows = groups[Key(name: name, year: year)] else { continue }
                take(rows, yearWeight, subject, &found)
            }
            if subject.year == 0 { break }
        }
        return found
    }

    /// The nearest days first, until enough are found.
    private func take(_ rows: [Int32], _ yearWeight: Int64, _ subject: Subject, _ found: inout [Weighted]) {
        var after = rows.partitionPoint { days[Int($0)] <= subject.day }
        var before = after - 1
        if subject.isForward { after = rows.count }
        while found.count < rules.maximumRead, before >= 0 || after < rows.count {
            let isBefore =
                after >= rows.count
                || before >= 0
                    && distance(rows[before], subject)
                        <= distance(rows[after], subject)
            let row = Int(isBefore ? rows[before] : rows[after])
            if isBefore { before -= 1 } else { after += 1 }
            if let vehicle = subject.vehicle, vehicles[row] == vehicle { continue }
            let months = min(distance(Int32(row), subject) / 30, rules.monthWeights.count - 1)
            var weight = yearWeight * rules.monthWeights[months] / 1000
            for index in agreements.indices where texts[index][row] == subject.texts[index] {
                weight = weight * agreements[index].weight / 1000
            }
            found.append(Weighted(row: Int32(row), weight: weight))
        }
    }

    private func distance(_ row: Int32, _ subject: Subject) -> Int { Int(abs(days[Int(row)] - subject.day)) }

    private func use(
        _ found: [Weighted],
        _ standing: Evidence.Standing,
        prior: Int64,
        level: WritableKeyPath<Evidence, Evidence.Level>,
        _ evidence: inout Evidence
    ) {
        guard !found.isEmpty else { return }
        let summary = RobustMean(found.map { (Int64(gaps[Int($0.row)]), $0.weight) }, bound: rules.outlierDistance)
        evidence[keyPath: level].weight = summary.weight
        evidence[keyPath: level].gap = LogScale.scaled(summary.mean, summary.weight, by: summary.weight + 1000)
        evidence[keyPath: level].dispersion = summary.weight > 1000 ? summary.dispersion : nil
        evidence.gap = pooled((summary.mean, summary.weight), evidence.gap, prior)
        evidence.standing = standing
    }

    private func pooled(_ mean: (gap: Int64, weight: Int64), _ wider: Int64, _ prior: Int64) -> Int64 {
        let sum = Int128(mean.gap) * Int128(mean.weight) + Int128(wider) * Int128(prior)
        return Int64(sum / Int128(mean.weight + prior))
    }

    private func comparable(_ found: Weighted, _ level: Evidence.Standing) -> Evidence.Comparable {
        let row = Int(found.row)
        return Evidence.Comparable(
            level: level,
            soldOn: CalendarDate(daysSinceEpoch: Int(days[row])),
            priceFen: prices[row],
            odometerKm: odometers[row] < 0 ? nil : Int64(odometers[row]),
            ageDays: ages[row] < 0 ? nil : Int64(ages[row]),
            weight: found.weight,
            gap: Int64(gaps[row])
        )
    }
}

extension [Int32] {
    /// The first index at which `isBefore` is false; it is true up to there.
    fileprivate func partitionPoint(_ isBefore: (Int32) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Sales mostly arrive in the order of their days: then this appends.
    fileprivate mutating func insertSorted(_ row: Int32, after isBefore: (Int32) -> Bool) {
        if let last, !isBefore(last) { insert(row, at: partitionPoint(isBefore)) } else { append(row) }
    }
}
