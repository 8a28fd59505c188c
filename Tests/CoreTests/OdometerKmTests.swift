import Core
import Testing

@Suite struct OdometerKmTests {
    @Test func `readings from none to two million kilometres exist`() {
        #expect(OdometerKm(0)?.kilometres == 0)
        #expect(OdometerKm(2_000_000)?.kilometres == 2_000_000)
        #expect(OdometerKm(-1) == nil)
        #expect(OdometerKm(2_000_001) == nil)
    }

    @Test func `a reading outside the range is a fault of its member`() throws {
        #expect(try read(#"{"odometer_km": 45210}"#) == OdometerKm(45_210))
        #expect(faults { _ = try read(#"{"odometer_km": 2000001}"#) } == ["/odometer_km out_of_range"])
        #expect(faults { _ = try read(#"{"odometer_km": -1}"#) } == ["/odometer_km out_of_range"])
        #expect(faults { _ = try read(#"{"odometer_km": "45210"}"#) } == ["/odometer_km wrong_type"])
    }

    private func read(_ text: String) throws -> OdometerKm? {
        var reader = try ObjectReader(JSONParser.parse(text.utf8))
        let odometer = reader.odometer("odometer_km")
        try reader.faults.throwIfAny()
        return odometer
    }
}
