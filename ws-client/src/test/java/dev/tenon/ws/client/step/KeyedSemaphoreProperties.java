package dev.tenon.ws.client.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class KeyedSemaphoreProperties {
    private static final int LIMIT = 2;

    /** A model of the semaphore, with its visible state. */
    private static final class Model {
        final KeyedSemaphore<Integer> semaphore = new KeyedSemaphore<>();
        final List<KeyedSemaphore<Integer>.Permit> permits = new ArrayList<>();
        final Map<Integer, List<Integer>> granted = new HashMap<>();
        final Map<Integer, Integer> held = new HashMap<>();

        void request(int key) {
            int number = permits.size();
            List<Integer> order = granted.computeIfAbsent(key, k -> new ArrayList<>());
            KeyedSemaphore<Integer>.Permit permit = semaphore.permit(key, LIMIT, () -> {
                order.add(number);
                held.merge(key, 1, Integer::sum);
            });
            permits.add(permit);
            permit.request();
        }
    }

    /** Each action requests a permit of a key (0 to 2), or releases one of those asked for before. */
    @Property
    void aKeyHasALimitedNumberOfHoldersInFifoOrderAndIsForgottenWithTheLast(
            @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> actions) {
        Model model = new Model();
        List<Integer> keys = new ArrayList<>();
        for (int action : actions) {
            if (action < 6 || model.permits.isEmpty()) {
                keys.add(action % 3);
                model.request(action % 3);
            } else {
                int number = action * 7 % model.permits.size();
                int key = keys.get(number);
                boolean holds = model.granted.getOrDefault(key, List.of()).contains(number);
                boolean again = model.held.getOrDefault(-1 - number, 0) > 0;
                model.held.put(-1 - number, 1);
                if (holds && !again) {
                    model.held.merge(key, -1, Integer::sum);
                }
                model.permits.get(number).release();
                model.permits.get(number).release();
            }
            for (int key = 0; key < 3; key++) {
                assertTrue(model.held.getOrDefault(key, 0) <= LIMIT);
                List<Integer> order = model.granted.getOrDefault(key, List.of());
                assertEquals(order.stream().sorted().toList(), order);
            }
        }
        for (int number = 0; number < model.permits.size(); number++) {
            model.permits.get(number).release();
        }
        assertEquals(0, model.semaphore.keys());
    }

    @Property
    void onePermitMoreIsGrantedForEachThatIsReleased(@ForAll @IntRange(min = 3, max = 20) int count) {
        Model model = new Model();
        for (int i = 0; i < count; i++) {
            model.request(0);
        }
        for (int i = 0; i + LIMIT < count; i++) {
            assertEquals(LIMIT + i, model.granted.getOrDefault(0, List.of()).size());
            model.permits.get(i).release();
            assertEquals(LIMIT + i + 1, model.granted.getOrDefault(0, List.of()).size());
        }
    }
}
