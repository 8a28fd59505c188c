import Core
import Foundation
import Support
import Testing

/// Everybody does anything, on the real store: silence, disputes, requests that come twice or in another order, a clock
/// that leaps and is set back, a server that is killed and starts again. After every step what must hold is looked at.
/// `CHEXIN_TEST_LONG` makes thousands of claims of it, over three years.
@Suite struct StoreSimulationTests {
    private static let isLong = ProcessInfo.processInfo.environment["CHEXIN_TEST_LONG"] != nil

    /// The years that follow have their holidays, too; which ones nobody knows yet, and it does not matter here.
    private static let calendar = WorkingCalendar(
        version: "simulated",
        notices: WorkingCalendar.stateCouncil.notices
            + (2027...2031).map { year in
                let holiday = day("\(year)-10-01")...day("\(year)-10-07")
                return WorkingCalendar.Notice(year: year, sources: [], restDays: [holiday], makeUpDays: [])
            }
    )

    @Test(.timeLimit(.minutes(60)), arguments: [UInt64(1)])
    func `whatever anybody does, what must hold holds`(seed: UInt64) async throws {
        let world = try await ClaimsWorld.open(.usual, in: .disk, calendar: Self.calendar)
        try await world.fund(yuan: 60_000)
        try await world.deposit(yuan: 300)
        let scale: SimulatedDesk.Scale = Self.isLong ? .long : .small
        var desk = try await SimulatedDesk(world, Self.calendar, seed: seed, scale)
        try await desk.run()
        try await desk.expectEnd()
    }
}
