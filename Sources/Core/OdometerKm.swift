/// What an odometer shows, in whole kilometres.
package struct OdometerKm: Sendable, Hashable, Comparable {
    /// A limit of this product, not of law: no vehicle in trade comes near it; metres typed as kilometres go beyond.
    package static let maximum: Int64 = 2_000_000
    package static let range: ClosedRange<Int64> = 0...maximum

    package let kilometres: Int64

    /// `nil` outside `range`.
    package init?(_ kilometres: Int64) {
        guard OdometerKm.range.contains(kilometres) else { return nil }
        self.kilometres = kilometres
    }

    package static func < (left: OdometerKm, right: OdometerKm) -> Bool {
        left.kilometres < right.kilometres
    }
}

extension JSON {
    package init(_ odometer: OdometerKm) { self = .integer(odometer.kilometres) }
}

extension ObjectReader {
    package mutating func odometer(_ name: String, required: Bool = true) -> OdometerKm? {
        integer(name, in: OdometerKm.range, required: required).flatMap(OdometerKm.init)
    }
}
