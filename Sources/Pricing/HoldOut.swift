/// Keeps a part of the vehicles away from learning, so that rules can be judged by what they never saw. A vehicle is in
/// or out with all its sales: re-listings would give the price away.
package struct HoldOut: Sendable {
    private let parts: UInt64

    package static let nothing = HoldOut(parts: 0)

    private init(parts: UInt64) { self.parts = parts }

    /// - Returns: `nil` below two parts.
    package init?(oneIn parts: Int) {
        guard parts >= 2 else { return nil }
        self.init(parts: UInt64(parts))
    }

    /// Told by the vehicle's hash, in another way than calibration tells its own parts.
    package func holds(_ sale: Sale) -> Bool {
        guard parts > 0 else { return false }
        var mixed = SplitMix(state: sale.vehicle)
        return mixed.next() % parts == 0
    }
}
