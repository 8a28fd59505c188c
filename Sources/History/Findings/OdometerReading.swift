package import Core
package import Cryptography

/// One reading of a car's odometer that holds.
package struct OdometerReading: Sendable, Hashable {
    package let entry: Digest
    package let kind: VehicleEventKind
    package let occurredAt: Instant
    package let km: Int64

    package var date: CalendarDate { occurredAt.dateInChina }

    /// Days from `earlier`, a day that has begun counting whole: many sources know the day and not the hour.
    func days(since earlier: OdometerReading) -> Int64 {
        let seconds = max(0, occurredAt.seconds(since: earlier.occurredAt))
        return max(1, (seconds + 86_399) / 86_400)
    }

    /// Whether no car could get here from `earlier` in the time.
    func isTooFar(from earlier: OdometerReading) -> Bool {
        km - earlier.km > PlatformRules.odometerToleranceKm
            + PlatformRules.impossibleKmPerDay * days(since: earlier)
    }

    /// Whether this reading contradicts an earlier one that showed `peakKm`.
    func isBelow(_ peakKm: Int64) -> Bool {
        km < peakKm - PlatformRules.odometerToleranceKm
    }
}

/// A reading lower than one before it, which no typing error explains.
package struct OdometerDrop: Sendable, Hashable {
    package let peak: OdometerReading
    /// Every reading below the peak, up to the one that passes it again.
    package internal(set) var lower: [OdometerReading]
    /// Where the counter ran out of digits, if that explains it.
    package let rolloverModulusKm: Int64?

    /// The car was driven on after the drop, so what is missing is this much at the least.
    package var missingKm: Int64 {
        peak.km - (lower.map(\.km).min() ?? peak.km)
    }

    init(from peak: OdometerReading, to low: OdometerReading) {
        self.peak = peak
        lower = [low]
        rolloverModulusKm = PlatformRules.rolloverModuliKm.first { modulus in
            let isNearTheEnd =
                peak.km < modulus && peak.km >= modulus - modulus / PlatformRules.rolloverTopShare
            let driven = low.km + modulus - peak.km
            let plausible =
                PlatformRules.odometerToleranceKm
                + PlatformRules.rolloverMaximumKmPerDay * low.days(since: peak)
            return isNearTheEnd && driven <= plausible
        }
    }
}

/// Two readings in a row with more between them than a car can drive in the time.
package struct OdometerJump: Sendable, Hashable {
    package let before: OdometerReading
    package let after: OdometerReading
}
