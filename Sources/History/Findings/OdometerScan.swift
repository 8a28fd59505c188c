/// What the readings of one counter, in the order of time, say about each other.
///
/// Typing errors go first, because a rollback that somebody only mistyped accuses a seller who did nothing. A reading
/// counts as one where its neighbours fit together without it, and where it cannot be a rollback: the car is back at
/// its old mileage at the next reading, or could never have got so far. Several low readings in a row are a rollback,
/// unless the way back up was too far to drive and at least as many readings stand above as below.
struct OdometerScan {
    private(set) var kept: [OdometerReading] = []
    private(set) var typingErrors: [OdometerReading] = []
    private(set) var drops: [OdometerDrop] = []
    private(set) var jumps: [OdometerJump] = []
    private let readings: [OdometerReading]
    /// The highest reading kept since the last drop. Comparing with it instead of the last reading also finds a
    /// counter that is turned back in small steps.
    private var peak: OdometerReading?
    private var isBelowDrop = false

    init(_ readings: [OdometerReading]) {
        self.readings = readings
        for index in readings.indices {
            if isTypingError(at: index) {
                typingErrors.append(readings[index])
            } else {
                keep(readings[index])
            }
        }
    }

    private mutating func keep(_ reading: OdometerReading) {
        defer { kept.append(reading) }
        guard let highest = peak, let last = kept.last else {
            peak = reading
            return
        }
        if reading.isBelow(highest.km) {
            drops.append(OdometerDrop(from: highest, to: reading))
            isBelowDrop = true
            peak = reading
            return
        }
        if reading.isTooFar(from: last) { jumps.append(OdometerJump(before: last, after: reading)) }
        if reading.km > highest.km { peak = reading }
        noteLower(reading)
    }

    /// Adds a reading to the last drop until one passes that drop's peak.
    private mutating func noteLower(_ reading: OdometerReading) {
        guard isBelowDrop, var drop = drops.popLast() else { return }
        isBelowDrop = reading.isBelow(drop.peak.km)
        if isBelowDrop { drop.lower.append(reading) }
        drops.append(drop)
    }

    // MARK: Typing errors

    private func isTypingError(at index: Int) -> Bool {
        guard let peak, let last = kept.last else { return false }
        return isPlaceholder(readings[index], after: peak)
            || isDip(at: index, below: peak, after: last)
            || isSpike(at: index, above: peak, after: last)
    }

    private func isPlaceholder(_ reading: OdometerReading, after peak: OdometerReading) -> Bool {
        reading.km <= PlatformRules.placeholderMaximumKm && peak.km > PlatformRules.placeholderAfterKm
    }

    /// Low, and the mileage is back afterwards: at the next reading, or after several by a way too far to drive. One
    /// high reading against several low ones proves nothing, or a single false entry would hide a rollback.
    private func isDip(at index: Int, below peak: OdometerReading, after last: OdometerReading) -> Bool {
        guard readings[index].isBelow(peak.km) else { return false }
        var lowCount = 1
        var lastLow = readings[index]
        for (next, reading) in zip((index + 1)..., readings[(index + 1)...])
        where !isPlaceholder(reading, after: peak) {
            if reading.isBelow(peak.km) {
                lowCount += 1
                lastLow = reading
            } else if !reading.isTooFar(from: last) {
                let highCount = readings[next...].count { !$0.isBelow(peak.km) }
                return lowCount == 1 || (reading.isTooFar(from: lastLow) && highCount >= lowCount)
            }
        }
        return false
    }

    /// High beyond what could be driven, and a later reading knows nothing of it and fits what came before.
    private func isSpike(at index: Int, above peak: OdometerReading, after last: OdometerReading) -> Bool {
        let reading = readings[index]
        guard reading.isTooFar(from: last) else { return false }
        return readings[(index + 1)...].contains { later in
            later.isBelow(reading.km) && !later.isBelow(peak.km) && !later.isTooFar(from: last)
        }
    }
}
