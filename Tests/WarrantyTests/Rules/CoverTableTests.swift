import Core
import Support
import Testing
import Warranty

/// What every promise says of a part. `Y` covered, `C` on a condition, `?` somebody has to look, `-` not covered.
struct CoverTableTests {
    static let table = TextTable(
        """
        part                              basic plus premium ext-powertrain ext-vehicle ext-battery national zhejiang
        # Engine
        engine                              Y    Y    Y       Y              Y           -           Y        ?
        engine.block.cylinder_block         C    C    C       C              C           -           Y        ?
        engine.block.cylinder_head          C    C    C       C              C           -           Y        ?
        engine.block.oil_pan                C    C    C       C              C           -           Y        ?
        engine.block.timing_cover           C    C    C       C              C           -           Y        ?
        engine.crank.crankshaft             Y    Y    Y       Y              Y           -           Y        ?
        engine.crank.rod_bearing            Y    Y    Y       Y              Y           -           Y        ?
        engine.crank.piston                 Y    Y    Y       Y              Y           -           Y        ?
        engine.crank.piston_ring            Y    Y    Y       Y              Y           -           Y        ?
        engine.crank.flywheel               Y    Y    Y       Y              Y           -           Y        ?
        engine.valvetrain.camshaft          Y    Y    Y       Y              Y           -           Y        ?
        engine.valvetrain.timing_chain      Y    Y    Y       Y              Y           -           Y        ?
        engine.valvetrain.timing_belt       Y    Y    Y       Y              Y           -           Y        ?
        engine.valvetrain.cam_phaser        Y    Y    Y       Y              Y           -           Y        ?
        engine.lubrication.oil_pump         Y    Y    Y       Y              Y           -           Y        ?
        engine.cooling.water_pump           Y    Y    Y       Y              Y           -           Y        ?
        engine.cooling.radiator             Y    Y    Y       Y              Y           -           Y        ?
        engine.cooling.hose                 -    -    -       -              -           -           ?        ?
        engine.cooling.coolant              -    -    -       -              -           -           ?        ?
        engine.fuel.pump                    Y    Y    Y       Y              Y           -           Y        ?
        engine.fuel.injector                Y    Y    Y       Y              Y           -           Y        ?
        engine.fuel.tank                    Y    Y    Y       Y              Y           -           Y        ?
        engine.fuel.filter                  -    -    -       -              -           -           ?        ?
        engine.intake.turbocharger          Y    Y    Y       Y              Y           -           Y        ?
        engine.intake.air_flow_meter        Y    Y    Y       Y              Y           -           Y        ?
        engine.intake.air_filter            -    -    -       -              -           -           ?        ?
        engine.exhaust.catalyst             Y    Y    Y       Y              Y           -           Y        ?
        engine.exhaust.silencer             -    -    -       -              -           -           ?        ?
        engine.electrics.starter            Y    Y    Y       Y              Y           -           Y        ?
        engine.electrics.alternator         Y    Y    Y       Y              Y           -           Y        ?
        engine.electrics.ignition_coil      Y    Y    Y       Y              Y           -           Y        ?
        engine.electrics.spark_plug         -    -    -       -              -           -           ?        ?
        engine.mounts                       -    -    -       -              -           -           ?        ?
        engine.seals                        C    C    C       C              C           -           Y        ?
        engine.seals.head_gasket            C    C    C       C              C           -           Y        ?
        engine.seals.crank_seal             C    C    C       C              C           -           Y        ?
        engine.service.oil                  -    -    -       -              -           -           ?        ?
        engine.service.oil_filter           -    -    -       -              -           -           ?        ?
        # Transmission and driveline
        transmission                        Y    Y    Y       Y              Y           -           Y        ?
        transmission.gearbox                Y    Y    Y       Y              Y           -           Y        ?
        transmission.gearbox.torque_converter Y  Y    Y       Y              Y           -           Y        ?
        transmission.gearbox.valve_body     Y    Y    Y       Y              Y           -           Y        ?
        transmission.gearbox.mechatronic    Y    Y    Y       Y              Y           -           Y        ?
        transmission.gearbox.dual_clutch    Y    Y    Y       Y              Y           -           Y        ?
        transmission.gearbox.case           C    C    C       C              C           -           Y        ?
        transmission.gearbox.seal           C    C    C       C              C           -           Y        ?
        transmission.gearbox.mount          -    -    -       -              -           -           ?        ?
        transmission.gearbox.fluid          -    -    -       -              -           -           ?        ?
        transmission.clutch.master_cylinder Y    Y    Y       Y              Y           -           Y        ?
        transmission.clutch.disc            -    -    -       -              -           -           ?        ?
        transmission.transfer.gears         Y    Y    Y       Y              Y           -           Y        ?
        transmission.transfer.case          C    C    C       C              C           -           Y        ?
        transmission.driveline.differential Y    Y    Y       Y              Y           -           Y        ?
        transmission.driveline.half_shaft   Y    Y    Y       Y              Y           -           Y        ?
        transmission.driveline.cv_joint     Y    Y    Y       Y              Y           -           Y        ?
        transmission.driveline.cv_boot      -    -    -       -              -           -           ?        ?
        transmission.driveline.axle_oil     -    -    -       -              -           -           ?        ?
        # Chassis
        steering                            Y    Y    Y       -              Y           -           Y        Y
        steering.rack                       Y    Y    Y       -              Y           -           Y        Y
        steering.assist_motor               Y    Y    Y       -              Y           -           Y        Y
        steering.tie_rod_end                Y    Y    Y       -              Y           -           Y        Y
        steering.seal                       C    C    C       -              C           -           Y        Y
        steering.hose                       -    -    -       -              -           -           ?        ?
        steering.fluid                      -    -    -       -              -           -           ?        ?
        brakes                              Y    Y    Y       -              Y           -           Y        Y
        brakes.master_cylinder              Y    Y    Y       -              Y           -           Y        Y
        brakes.caliper                      Y    Y    Y       -              Y           -           Y        Y
        brakes.abs_unit                     Y    Y    Y       -              Y           -           Y        Y
        brakes.parking                      Y    Y    Y       -              Y           -           Y        Y
        brakes.pad                          -    -    -       -              -           -           ?        ?
        brakes.disc                         -    -    -       -              -           -           ?        ?
        brakes.fluid                        -    -    -       -              -           -           ?        ?
        suspension                          Y    Y    Y       -              Y           -           Y        ?
        suspension.control_arm              Y    Y    Y       -              Y           -           Y        ?
        suspension.ball_joint               Y    Y    Y       -              Y           -           Y        ?
        suspension.damper                   Y    Y    Y       -              Y           -           Y        ?
        suspension.air_spring               Y    Y    Y       -              Y           -           Y        ?
        suspension.wheel_bearing            Y    Y    Y       -              Y           -           Y        ?
        suspension.bush                     -    -    -       -              -           -           ?        ?
        suspension.top_mount                -    -    -       -              -           -           ?        ?
        # Electrics
        electrics                           -    Y    Y       -              Y           -           -        ?
        electrics.power                     Y    Y    Y       -              Y           -           -        ?
        electrics.power.harness             Y    Y    Y       -              Y           -           -        ?
        electrics.power.body_controller     Y    Y    Y       -              Y           -           -        ?
        electrics.body.cluster              -    Y    Y       -              Y           -           -        ?
        electrics.body.window_motor         -    Y    Y       -              Y           -           -        ?
        electrics.body.seat_motor           -    Y    Y       -              Y           -           -        ?
        electrics.lamps.headlamp            -    Y    Y       -              Y           -           -        ?
        electrics.lamps.bulb                -    -    -       -              -           -           -        ?
        electrics.battery_12v               -    -    -       -              -           -           -        ?
        # Comfort and safety
        climate                             -    Y    Y       -              Y           -           -        -
        climate.compressor                  -    Y    Y       -              Y           -           -        -
        climate.evaporator                  -    Y    Y       -              Y           -           -        -
        climate.seal                        -    C    C       -              C           -           -        -
        climate.refrigerant                 -    -    -       -              -           -           -        -
        climate.cabin_filter                -    -    -       -              -           -           -        -
        restraint                           -    -    Y       -              Y           -           -        Y
        restraint.airbag                    -    -    Y       -              Y           -           -        Y
        restraint.seat_belt                 -    -    Y       -              Y           -           -        Y
        assistance.radar                    -    -    Y       -              Y           -           -        ?
        assistance.lidar                    -    -    Y       -              Y           -           -        ?
        assistance.reversing_camera         -    -    Y       -              Y           -           -        ?
        infotainment.head_unit              -    -    Y       -              Y           -           -        -
        infotainment.display                -    -    Y       -              Y           -           -        -
        infotainment.software               -    -    C       -              C           -           -        -
        # Electric drive
        ev                                  -    -    Y       -              Y           Y           -        ?
        ev.battery                          -    Y    Y       -              -           Y           -        ?
        ev.battery.module                   -    Y    Y       -              -           Y           -        ?
        ev.battery.management               -    Y    Y       -              -           Y           -        ?
        ev.battery.case                     -    C    C       -              -           C           -        ?
        ev.battery.capacity                 -    -    C       -              -           C           -        ?
        ev.motor                            Y    Y    Y       Y              Y           Y           ?        ?
        ev.motor.stator                     Y    Y    Y       Y              Y           Y           ?        ?
        ev.motor.case                       C    C    C       C              C           C           ?        ?
        ev.controller                       Y    Y    Y       Y              Y           Y           ?        ?
        ev.controller.power_module          Y    Y    Y       Y              Y           Y           ?        ?
        ev.reducer.gear                     Y    Y    Y       Y              Y           Y           Y        ?
        ev.reducer.case                     C    C    C       C              C           C           Y        ?
        ev.reducer.oil                      -    -    -       -              -           -           ?        ?
        ev.charging.onboard_charger         -    Y    Y       -              Y           Y           -        ?
        ev.charging.dcdc                    -    Y    Y       -              Y           Y           -        ?
        ev.charging.cable                   -    -    -       -              -           -           -        ?
        ev.high_voltage.harness             -    Y    Y       -              Y           Y           -        ?
        ev.high_voltage.heat_pump           -    Y    Y       -              Y           Y           -        ?
        ev.generator                        -    Y    Y       -              Y           Y           -        ?
        # Body
        body.sunroof                        -    -    Y       -              Y           -           -        -
        body.paint                          -    -    -       -              -           -           -        -
        body.corrosion                      -    -    -       -              -           -           -        -
        body.glass                          -    -    -       -              -           -           -        -
        body.upholstery                     -    -    -       -              -           -           -        -
        body.tyre                           -    -    -       -              -           -           -        ?
        body.wiper_blade                    -    -    -       -              -           -           -        -
        body.weatherstrip                   -    -    -       -              -           -           -        -
        vehicle                             -    -    Y       -              Y           -           -        -
        """
    )

    static func letter(_ cover: Cover) -> String {
        switch cover {
        case .covered: "Y"
        case .conditional: "C"
        case .assess: "?"
        case .excluded: "-"
        }
    }

    @Test(arguments: table.rows) func `each promise says its own of a part`(_ row: TextTable.Row) throws {
        let component = try #require(shipped.tree[row["part"]])
        for plan in shipped.plans {
            let cover = plan.ruling(on: component, in: shipped.tree).cover
            #expect(Self.letter(cover) == row[plan.id], "\(plan.id)")
        }
        for floor in shipped.floors {
            let cover = floor.scope.ruling(on: component, in: shipped.tree).cover
            #expect(Self.letter(cover) == row[floor.id], "\(floor.id)")
        }
    }

    @Test func `a higher tier never covers less`() {
        for component in shipped.tree.components {
            let covers = shipped.tiers.map { $0.ruling(on: component, in: shipped.tree).cover }
            for (lower, higher) in zip(covers, covers.dropFirst()) where lower == .covered {
                #expect(higher == .covered, "\(component.id)")
            }
            for (lower, higher) in zip(covers, covers.dropFirst()) where lower == .conditional {
                #expect(higher == .covered || higher == .conditional, "\(component.id)")
            }
        }
    }

    @Test func `every ruling has a clause that says it`() {
        for plan in shipped.plans {
            for component in shipped.tree.components {
                #expect(shipped.clause(plan.ruling(on: component, in: shipped.tree).clause) != nil)
            }
        }
    }

    @Test func `what is asked of a whole names the parts that differ`() throws {
        let plus = try #require(shipped.plan("plus"))
        let gearbox = try #require(shipped.tree["transmission.gearbox"])
        let exceptions = plus.scope.exceptions(below: gearbox, in: shipped.tree)
        #expect(
            Set(exceptions.map(\.0.id)) == [
                "transmission.gearbox.case", "transmission.gearbox.pan", "transmission.gearbox.seal",
                "transmission.gearbox.mount", "transmission.gearbox.fluid", "transmission.gearbox.filter",
            ]
        )
    }
}
