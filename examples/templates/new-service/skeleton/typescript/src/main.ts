import { createService } from './server.ts';

const port = Number(process.env.PORT ?? 8080);
const service = createService();

service.listen(port, () => console.log(`listening on port ${port}`));

// Kubernetes asks first and kills later: finish what is under way
process.on('SIGTERM', () => service.close());
