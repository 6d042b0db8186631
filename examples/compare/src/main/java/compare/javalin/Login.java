package compare.javalin;

import io.javalin.Javalin;
import io.javalin.http.UnauthorizedResponse;
import java.util.concurrent.TimeUnit;

public class Login {
    static String userOf(String session) throws InterruptedException { // blocks the thread
        TimeUnit.MILLISECONDS.sleep(200);
        return "s3cret".equals(session) ? "Ada" : null;
    }

    public static void main(String[] args) {
        Javalin.create(config -> {
                    config.routes.wsBeforeUpgrade("/chat", ctx -> {
                        String user = userOf(ctx.cookie("sid"));
                        if (user == null) {
                            throw new UnauthorizedResponse("Log in first");
                        }
                        ctx.attribute("user", user);
                    });
                    config.routes.ws(
                            "/chat", ws -> ws.onConnect(ctx -> ctx.send("Hello, " + ctx.<String>attribute("user"))));
                })
                .start(Integer.parseInt(args[0]));
    }
}
